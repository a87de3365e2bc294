package io.softq4j.training.rows;

import java.util.Arrays;

/**
 * Many examples in few rows, by best-fit decreasing (Ding et al. 2024, "Fewer Truncations Improve Language Modeling", arXiv 2404.10830): the longest
 * example first, each into the row with the least room that still holds it, or into a new row. Their documents are first divided into chunks no longer
 * than a row; an example is a prompt with its response and would mean something else in pieces, so here it is cut before it comes.
 *
 * <p>At most 11/9 of the fewest possible rows and a constant (Johnson et al. 1974, "Worst-case performance bounds for simple one-dimensional packing
 * algorithms"). Examples of the same length go by index, and the order of equally good rows is fixed, so the same lengths give the same rows.
 *
 * <p>Sorting is by counting and the search for a row goes through a set of rooms, not of rows: linear time for a given {@code maxLength}. Kept are 4
 * bytes an example and 4 a row; 8 more an example while it is computed.
 */
public final class Packing implements RowLayout {

    private static final int NONE = -1;

    private final int[] last;     // by row: the example put in last
    private final int[] previous; // by example: the one put into the same row before it

    private Packing(int[] last, int[] previous) {
        this.last = last;
        this.previous = previous;
    }

    /**
     * Packs examples of these {@code lengths}.
     *
     * @param lengths   input positions of each example, from 0 to {@code maxLength}
     * @param maxLength positions of a row
     * @throws IllegalArgumentException if a length is out of that range
     */
    public static Packing of(int[] lengths, int maxLength) {
        int[] last = new int[Math.max(1, lengths.length / 8)];
        int[] previous = new int[lengths.length];
        OpenRows open = new OpenRows(maxLength);
        int rows = 0;
        for (int example : longestFirst(lengths, maxLength)) {
            int room = open.leastRoom(lengths[example]);
            int row;
            if (room == OpenRows.NONE) {
                row = rows++;
                room = maxLength;
                last = row < last.length ? last : Arrays.copyOf(last, grown(row));
                last[row] = NONE;
            } else {
                row = open.take(room);
            }
            previous[example] = last[row];
            last[row] = example;
            open.put(row, room - lengths[example]);
        }
        return new Packing(Arrays.copyOf(last, rows), previous);
    }

    /** Indices by decreasing length, those of the same length in their order: a counting sort. */
    private static int[] longestFirst(int[] lengths, int maxLength) {
        int[] next = new int[maxLength + 1]; // by length: how many have it, then where the next one of it goes
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] < 0 || lengths[i] > maxLength) {
                throw new IllegalArgumentException("example " + i + " has " + lengths[i] + " positions, a row has " + maxLength);
            }
            next[lengths[i]]++;
        }
        int at = 0;
        for (int length = maxLength; length >= 0; length--) {
            int count = next[length];
            next[length] = at;
            at += count;
        }
        int[] sorted = new int[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            sorted[next[lengths[i]]++] = i;
        }
        return sorted;
    }

    /** Extent of an array that is to hold element {@code index} and some more. */
    static int grown(int index) {
        return (int) Math.min(Integer.MAX_VALUE - 8L, index + 1L + index / 2);
    }

    @Override
    public long rows() {
        return last.length;
    }

    /** Examples of {@code row}, longest first. */
    @Override
    public long[] examples(long row) {
        int end = last[Math.toIntExact(row)];
        int n = 0;
        for (int example = end; example != NONE; example = previous[example]) {
            n++;
        }
        long[] examples = new long[n];
        for (int example = end; example != NONE; example = previous[example]) {
            examples[--n] = example;
        }
        return examples;
    }
}
