package io.softq4j.training;

import io.softq4j.tokens.Example;
import java.util.List;
import java.util.function.LongFunction;

/** Examples by index; the same index always gives the same example. */
public interface ExampleSource {

    /** Number of examples. */
    long size();

    /** Example {@code index}, from 0 to {@link #size()} - 1. */
    Example get(long index);

    /** Examples held in memory. */
    static ExampleSource of(List<Example> examples) {
        List<Example> copy = List.copyOf(examples);
        return of(copy.size(), index -> copy.get(Math.toIntExact(index)));
    }

    /** {@code size} examples, as {@code get} gives them. */
    static ExampleSource of(long size, LongFunction<Example> get) {
        return new ExampleSource() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public Example get(long index) {
                return get.apply(index);
            }
        };
    }
}
