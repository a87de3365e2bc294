package io.softq4j.training.rows;

import io.softq4j.objective.Batch;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * The rows of validation examples, or some of them, drawn by a seed.
 *
 * @param examples          all rows
 * @param limit             how many are read, if there are more; 0 is all
 * @param seed              of the draw
 * @param collator          what makes rows a batch
 * @param rowsPerMicroBatch rows of a batch
 */
record ValidationRows(ExampleRows examples, int limit, long seed, Collator collator, int rowsPerMicroBatch) implements ValidationSource {

    @Override
    public long rows() {
        return limit == 0 ? examples.size() : Math.min(limit, examples.size());
    }

    @Override
    public long available() {
        return examples.size();
    }

    @Override
    public LongStream reads() {
        return Arrays.stream(examples.drawn(limit, seed)).flatMap(row -> Arrays.stream(examples.layout().examples(row)));
    }

    @Override
    public Iterable<Batch> batches() {
        long[] chosen = examples.drawn(limit, seed);
        return collator.batches(chosen.length, rowsPerMicroBatch, i -> examples.get(chosen[i]));
    }
}
