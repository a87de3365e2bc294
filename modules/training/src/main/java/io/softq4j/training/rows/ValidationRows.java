package io.softq4j.training.rows;

import io.softq4j.objective.Batch;

/**
 * The rows of validation examples, or some of them, spread evenly.
 *
 * @param examples          all rows
 * @param limit             how many are read, if there are more; 0 is all
 * @param collator          what makes rows a batch
 * @param rowsPerMicroBatch rows of a batch
 */
record ValidationRows(ExampleRows examples, int limit, Collator collator, int rowsPerMicroBatch) implements ValidationSource {

    @Override
    public long rows() {
        return examples.spread(limit).length;
    }

    @Override
    public long available() {
        return examples.size();
    }

    @Override
    public Iterable<Batch> batches() {
        long[] chosen = examples.spread(limit);
        return collator.batches(chosen.length, rowsPerMicroBatch, i -> examples.get(chosen[i]));
    }
}
