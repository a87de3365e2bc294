package io.softq4j.training.rows;

/**
 * Which examples lie in which row: a function of their lengths alone, so that a resumed run has the same rows. {@link DataOrder} says when a row's
 * turn comes.
 */
public sealed interface RowLayout permits OneExampleARow, Packing {

    /**
     * The rows of examples of these {@code lengths}.
     *
     * @param lengths   input positions of each example, {@code maxLength} at most
     * @param packing   several examples a row, or one
     * @param maxLength longest row
     */
    static RowLayout of(int[] lengths, boolean packing, int maxLength) {
        return packing ? Packing.of(lengths, maxLength) : new OneExampleARow(lengths.length);
    }

    /** Number of rows. */
    long rows();

    /** Indices of the examples of {@code row}, from 0 to {@link #rows()} - 1, in the order they lie in. */
    long[] examples(long row);
}
