package io.softq4j.tokens;

import java.util.Arrays;

/** How often each pair of adjacent tokens occurs in a set of words, kept up to date while pairs are merged. */
final class PairCounts {

    /** Receives a pair and how often it occurs. */
    @FunctionalInterface
    interface Visitor {
        void pair(int left, int right, long count);
    }

    private final int[][] words;
    private final long[] wordCounts;

    private final LongIntMap slots = new LongIntMap(1 << 12);
    private int size;
    private long[] keys = new long[1 << 12];
    private long[] counts = new long[1 << 12];
    /** Words in which the pair occurs or once did: first element is the number used. */
    private int[][] where = new int[1 << 12][];

    /**
     * Takes both arrays over.
     *
     * @param words      token ids of each distinct word
     * @param wordCounts how often the word occurs
     */
    PairCounts(int[][] words, long[] wordCounts) {
        this.words = words;
        this.wordCounts = wordCounts;
        for (int w = 0; w < words.length; w++) {
            for (int i = 0; i + 1 < words[w].length; i++) {
                int slot = slot(words[w][i], words[w][i + 1]);
                counts[slot] += wordCounts[w];
                occursIn(slot, w);
            }
        }
    }

    long count(int left, int right) {
        int slot = slots.get(LongIntMap.pair(left, right));
        return slot < 0 ? 0 : counts[slot];
    }

    void forEach(Visitor visitor) {
        for (int slot = 0; slot < size; slot++) {
            visitor.pair((int) (keys[slot] >>> 32), (int) keys[slot], counts[slot]);
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
        int[] touched = new int[16];
        int n = 0;
        for (int k = 1; affected != null && k <= affected[0]; k++) {
            int w = affected[k];
            int[] before = words[w];
            int[] after = replace(before, left, right, result);
            if (after.length == before.length) {
                continue;
            }
            words[w] = after;
            for (int i = 0; i + 1 < before.length; i++) {
                counts[slot(before[i], before[i + 1])] -= wordCounts[w];
            }
            for (int i = 0; i + 1 < after.length; i++) {
                int slot = slot(after[i], after[i + 1]);
                counts[slot] += wordCounts[w];
                if (after[i] == result || after[i + 1] == result) {
                    occursIn(slot, w);
                    touched = n == touched.length ? Arrays.copyOf(touched, 2 * n) : touched;
                    touched[n++] = slot;
                }
            }
        }
        Arrays.sort(touched, 0, n);
        for (int i = 0; i < n; i++) {
            int slot = touched[i];
            if (i == 0 || slot != touched[i - 1]) {
                raised.pair((int) (keys[slot] >>> 32), (int) keys[slot], counts[slot]);
            }
        }
    }

    private static int[] replace(int[] word, int left, int right, int result) {
        int[] out = new int[word.length];
        int n = 0;
        for (int i = 0; i < word.length; i++) {
            if (word[i] == left && i + 1 < word.length && word[i + 1] == right) {
                out[n++] = result;
                i++;
            } else {
                out[n++] = word[i];
            }
        }
        return n == word.length ? word : Arrays.copyOf(out, n);
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
