package io.softq4j.training;

import io.softq4j.tokens.Example;
import java.util.Arrays;
import java.util.List;

/**
 * Examples in rows; read when a row's turn comes.
 *
 * @param examples where they are read from
 * @param layout   which lie in which row
 */
record ExampleRows(ExampleSource examples, RowLayout layout) {

    /** Number of rows. */
    long size() {
        return layout.rows();
    }

    /** The examples of {@code row}, in their order. */
    List<Example> get(long row) {
        return Arrays.stream(layout.examples(row)).mapToObj(examples::get).toList();
    }
}
