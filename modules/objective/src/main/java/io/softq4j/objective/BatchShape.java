package io.softq4j.objective;

/**
 * A batch shape is the extents of a {@link Batch}.
 *
 * @param rows         B
 * @param length       T
 * @param sourceLength S, tokens of a row that the encoder reads; 0 where the model has none
 */
public record BatchShape(int rows, int length, int sourceLength) {

    public BatchShape {
        if (rows < 1 || length < 1 || sourceLength < 0) {
            throw new IllegalArgumentException("no batch has " + rows + " rows of " + length + " and " + sourceLength + " tokens");
        }
    }

    /** Of a model without encoder. */
    public static BatchShape of(int rows, int length) {
        return new BatchShape(rows, length, 0);
    }
}
