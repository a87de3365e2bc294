package io.softq4j.data;

import java.util.Arrays;
import java.util.TreeMap;

/** How many examples have which length. */
final class LengthCounts {

    /** Lengths from here on are rare enough for a map. */
    private static final int IN_ARRAY = 1 << 16;

    private long[] counts = new long[1 << 10];
    private final TreeMap<Integer, Long> longer = new TreeMap<>();

    void add(int length) {
        if (length >= IN_ARRAY) {
            longer.merge(length, 1L, Long::sum);
            return;
        }
        if (length >= counts.length) {
            counts = Arrays.copyOf(counts, Math.max(length + 1, 2 * counts.length));
        }
        counts[length]++;
    }

    /** From length to how many have it. */
    TreeMap<Integer, Long> histogram() {
        TreeMap<Integer, Long> histogram = new TreeMap<>(longer);
        for (int length = 0; length < counts.length; length++) {
            if (counts[length] > 0) {
                histogram.put(length, counts[length]);
            }
        }
        return histogram;
    }
}
