package io.softq4j.training.rows;

import io.softq4j.common.Streams;
import io.softq4j.tokens.Example;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Examples in rows; read when a row's turn comes.
 *
 * @param examples where they are read from
 * @param layout   which lie in which row
 */
public record ExampleRows(ExampleSource examples, RowLayout layout) {

    /** Number of rows. */
    public long size() {
        return layout.rows();
    }

    /**
     * Which rows, ascending: all, or {@code limit} of them, if there are more. Drawn, since rows that are taken at equal distances may all be of one
     * kind where kinds take turns.
     *
     * @param limit 0: all
     */
    public long[] drawn(int limit, long seed) {
        if (limit == 0 || limit >= size()) {
            return LongStream.range(0, size()).toArray();
        }
        Permutation order = new Permutation(size(), Streams.seed("validation rows", seed), 0);
        return LongStream.range(0, limit).map(order::at).sorted().toArray();
    }

    /** The examples of {@code row}, in their order. */
    public List<Example> get(long row) {
        return Arrays.stream(layout.examples(row)).mapToObj(examples::get).toList();
    }
}
