package io.softq4j.training.rows;

import io.softq4j.training.TrainingConfig;

/**
 * How examples become the rows of steps: the part of {@link TrainingConfig} that this depends on, and nothing else does.
 *
 * @param rowsPerMicroBatch rows whose gradient is computed at once
 * @param rowsPerStep       rows of an update
 * @param packing           whether a row holds several examples ({@link Packing})
 * @param maxLength         longest row in tokens
 * @param bucketMultiple    lengths of rows that are not packed are rounded up to a multiple of it
 * @param seed              of the order of the rows
 */
public record RowSettings(int rowsPerMicroBatch, int rowsPerStep, boolean packing, int maxLength, int bucketMultiple, long seed) {
}
