package io.softq4j.data;

import java.util.Map;
import java.util.TreeMap;

/**
 * How long examples are, in tokens, EOS included; quantiles are lengths that occur.
 *
 * @param shortest the shortest
 * @param median   half of them are no longer
 * @param p90      nine in ten are no longer
 * @param p99      ninety-nine in a hundred are no longer
 * @param longest  the longest
 */
public record Lengths(int shortest, int median, int p90, int p99, int longest) {

    /**
     * Of a histogram.
     *
     * @param histogram from length to how many have it; not empty
     */
    static Lengths of(TreeMap<Integer, Long> histogram) {
        return new Lengths(histogram.firstKey(), quantile(histogram, 0.5), quantile(histogram, 0.9), quantile(histogram, 0.99), histogram.lastKey());
    }

    private static int quantile(TreeMap<Integer, Long> histogram, double q) {
        long needed = (long) Math.ceil(q * histogram.values().stream().mapToLong(Long::longValue).sum());
        for (Map.Entry<Integer, Long> bin : histogram.entrySet()) {
            needed -= bin.getValue();
            if (needed <= 0) {
                return bin.getKey();
            }
        }
        return histogram.lastKey();
    }
}
