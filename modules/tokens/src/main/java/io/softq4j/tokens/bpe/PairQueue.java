package io.softq4j.tokens.bpe;

import java.util.Arrays;

/** Pairs of tokens and how often they occur: the most frequent first, among those the lowest left id, then the lowest right id. */
final class PairQueue {

    private long[] counts = new long[1 << 10];
    private long[] pairs = new long[1 << 10];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** How often the first occurs. */
    long count() {
        return counts[0];
    }

    /** The first, as {@link LongIntMap#pair}. */
    long pair() {
        return pairs[0];
    }

    void add(long count, long pair) {
        if (size == counts.length) {
            counts = Arrays.copyOf(counts, 2 * size);
            pairs = Arrays.copyOf(pairs, 2 * size);
        }
        int i = size++;
        while (i > 0 && before(count, pair, i - 1 >>> 1)) {
            put(i, counts[i - 1 >>> 1], pairs[i - 1 >>> 1]);
            i = i - 1 >>> 1;
        }
        put(i, count, pair);
    }

    void removeFirst() {
        long count = counts[--size];
        long pair = pairs[size];
        int i = 0;
        for (int child = 1; child < size; child = 2 * i + 1) {
            if (child + 1 < size && before(counts[child + 1], pairs[child + 1], child)) {
                child++;
            }
            if (before(count, pair, child)) {
                break;
            }
            put(i, counts[child], pairs[child]);
            i = child;
        }
        put(i, count, pair);
    }

    private boolean before(long count, long pair, int than) {
        return count != counts[than] ? count > counts[than] : pair < pairs[than];
    }

    private void put(int i, long count, long pair) {
        counts[i] = count;
        pairs[i] = pair;
    }
}
