package io.softq4j.training.rows;

/**
 * Row i is example i.
 *
 * @param rows number of rows and of examples
 */
public record OneExampleARow(long rows) implements RowLayout {

    @Override
    public long[] examples(long row) {
        return new long[] {row};
    }
}
