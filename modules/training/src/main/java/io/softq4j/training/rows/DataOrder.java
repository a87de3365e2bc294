package io.softq4j.training.rows;

/**
 * Which rows form which step: a function of (seed, epoch, index) and of nothing that happened before. A row is an example, or several that
 * {@link Packing} has put together.
 *
 * <p>Each epoch visits every row once, in an order of its own; its last step takes what is left, so it may be smaller.
 *
 * @param rows        number of rows
 * @param rowsPerStep rows of a full step
 * @param seed        of the order
 */
public record DataOrder(long rows, int rowsPerStep, long seed) {

    public DataOrder {
        if (rows < 1 || rowsPerStep < 1) {
            throw new IllegalArgumentException(rows + " rows, " + rowsPerStep + " a step");
        }
    }

    /** Steps of one epoch, the smaller last one included. */
    public long stepsPerEpoch() {
        return (rows + rowsPerStep - 1) / rowsPerStep;
    }

    /** Indices of the rows of {@code step}, counted from 0. */
    public long[] step(long step) {
        long first = step % stepsPerEpoch() * rowsPerStep;
        Permutation order = new Permutation(rows, seed, step / stepsPerEpoch());
        long[] indices = new long[(int) Math.min(rowsPerStep, rows - first)];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = order.at(first + i);
        }
        return indices;
    }
}
