package io.softq4j.training.rows;

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

    /** Which rows: all, or {@code limit} of them, spread evenly, where there are more. @param limit 0: all */
    public long[] spread(int limit) {
        long chosen = limit == 0 ? size() : Math.min(limit, size());
        return LongStream.range(0, chosen).map(i -> i * size() / chosen).toArray();
    }

    /** The examples of {@code row}, in their order. */
    public List<Example> get(long row) {
        return Arrays.stream(layout.examples(row)).mapToObj(examples::get).toList();
    }
}
