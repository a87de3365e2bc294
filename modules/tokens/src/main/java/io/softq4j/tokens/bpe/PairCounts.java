package io.softq4j.tokens.bpe;

import java.util.Arrays;

/** How often each pair of adjacent tokens occurs in a set of words, kept up to date while pairs are merged. */
final class PairCounts {

    /** Receives a pair, as {@link LongIntMap#pair}, and how often it occurs. */
    @FunctionalInterface
    interface Visitor {
        void pair(long pair, long count);
    }

    private final Words words;

    private final LongIntMap slots = new LongIntMap(1 << 12);
    private int size;
    private long[] keys = new long[1 << 12];
    private long[] counts = new long[1 << 12];
    /** Words in which the pair occurs or once did: first element is the number used. */
    private int[][] where = new int[1 << 12][];
    /** Slots of pairs that the merge under way made. */
    private IntList made = new IntList(64);

    /** Takes {@code words} over. */
    PairCounts(Words words) {
        this.words = words;
        for (int w = 0; w < words.size(); w++) {
            int start = words.starts()[w];
            for (int i = start; i + 1 < start + words.lengths()[w]; i++) {
                int slot = slot(words.tokens()[i], words.tokens()[i + 1]);
                counts[slot] += words.counts()[w];
                occursIn(slot, w);
            }
        }
    }

    long count(long pair) {
        int slot = slots.get(pair);
        return slot < 0 ? 0 : counts[slot];
    }

    void forEach(Visitor visitor) {
        for (int slot = 0; slot < size; slot++) {
            visitor.pair(keys[slot], counts[slot]);
        }
    }

    /**
     * Replaces {@code left right} by {@code result} in every word, from left to right.
     *
     * @param raised is told each pair that may occur more often now
     */
    void merge(int left, int right, int result, Visitor raised) {
        int merged = slot(left, right);
        int[] affected = where[merged];
        where[merged] = null;
        made = new IntList(64);
        for (int k = 1; affected != null && k <= affected[0]; k++) {
            replace(affected[k], merged, left, right, result);
        }
        int[] slots = made.toArray();
        Arrays.sort(slots);
        for (int i = 0; i < slots.length; i++) {
            if (i == 0 || slots[i] != slots[i - 1]) {
                raised.pair(keys[slots[i]], counts[slots[i]]);
            }
        }
    }

    /** In place; each replacement changes the counts of the pairs on either side of it and no others. */
    private void replace(int word, int merged, int left, int right, int result) {
        int[] tokens = words.tokens();
        int start = words.starts()[word];
        int end = start + words.lengths()[word];
        long times = words.counts()[word];
        int out = start;
        for (int i = start; i < end; i++) {
            if (tokens[i] == left && i + 1 < end && tokens[i + 1] == right) {
                occursLess(merged, times);
                if (out > start) {
                    occursLess(slot(tokens[out - 1], left), times);
                    occursMore(slot(tokens[out - 1], result), word, times);
                }
                if (i + 2 < end) {
                    occursLess(slot(right, tokens[i + 2]), times);
                    occursMore(slot(result, tokens[i + 2]), word, times);
                }
                tokens[out++] = result;
                i++;
            } else {
                tokens[out++] = tokens[i];
            }
        }
        words.lengths()[word] = out - start;
    }

    private void occursLess(int slot, long times) {
        counts[slot] -= times;
    }

    private void occursMore(int slot, int word, long times) {
        counts[slot] += times;
        occursIn(slot, word);
        made.add(slot);
    }

    private void occursIn(int slot, int word) {
        int[] list = where[slot];
        if (list == null) {
            list = new int[4];
        } else if (list[list[0]] == word) {
            return;
        } else if (list[0] + 1 == list.length) {
            list = Arrays.copyOf(list, 2 * list.length);
        }
        list[++list[0]] = word;
        where[slot] = list;
    }

    private int slot(int left, int right) {
        long key = LongIntMap.pair(left, right);
        int slot = slots.get(key);
        if (slot >= 0) {
            return slot;
        }
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
            where = Arrays.copyOf(where, 2 * size);
        }
        keys[size] = key;
        slots.put(key, size);
        return size++;
    }
}
