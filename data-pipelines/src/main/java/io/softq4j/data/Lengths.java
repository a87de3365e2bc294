package io.softq4j.data;

import java.util.ArrayList;
import java.util.List;
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
 * @param bins     how many have which length
 */
public record Lengths(int shortest, int median, int p90, int p99, int longest, List<Bin> bins) {

    private static final int BINS = 16;

    /**
     * A bar of the histogram.
     *
     * @param from  shortest length in it
     * @param to    longest
     * @param count how many have one of these
     */
    public record Bin(int from, int to, long count) {
    }

    public Lengths {
        bins = List.copyOf(bins);
    }

    /**
     * Of a histogram.
     *
     * @param histogram from length to how many have it; not empty
     */
    static Lengths of(TreeMap<Integer, Long> histogram) {
        return new Lengths(histogram.firstKey(), quantile(histogram, 0.5), quantile(histogram, 0.9), quantile(histogram, 0.99), histogram.lastKey(),
                bins(histogram));
    }

    /** Bars of equal width up to the 99 % quantile; the last holds what is longer, so that a few long rows do not squeeze the others. */
    private static List<Bin> bins(TreeMap<Integer, Long> histogram) {
        int first = histogram.firstKey();
        int end = quantile(histogram, 0.99);
        int width = Math.max(1, (end - first + BINS) / BINS);
        List<Bin> bins = new ArrayList<>();
        for (int from = first; from <= end; from += width) {
            boolean last = from + width > end;
            int to = last ? histogram.lastKey() : from + width - 1;
            bins.add(new Bin(from, to, histogram.subMap(from, true, to, true).values().stream().mapToLong(Long::longValue).sum()));
        }
        return bins;
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
