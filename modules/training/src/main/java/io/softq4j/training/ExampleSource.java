package io.softq4j.training;

import io.softq4j.tokens.Example;
import java.util.List;

/** Examples by index; the same index always gives the same example. */
public interface ExampleSource {

    /** Number of examples. */
    long size();

    /** Example {@code index}, from 0 to {@link #size()} - 1. */
    Example get(long index);

    /** Examples held in memory. */
    static ExampleSource of(List<Example> examples) {
        List<Example> copy = List.copyOf(examples);
        return new ExampleSource() {
            @Override
            public long size() {
                return copy.size();
            }

            @Override
            public Example get(long index) {
                return copy.get(Math.toIntExact(index));
            }
        };
    }
}
