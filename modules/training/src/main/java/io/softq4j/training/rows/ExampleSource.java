package io.softq4j.training.rows;

import io.softq4j.tokens.Example;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.LongToIntFunction;

/** Examples by index; the same index always gives the same example. */
public interface ExampleSource {

    /** Number of examples. */
    long size();

    /** Example {@code index}, from 0 to {@link #size()} - 1. */
    Example get(long index);

    /** Number of tokens of example {@code index}; without reading them where the source can tell. */
    default int length(long index) {
        return get(index).length();
    }

    /** The same examples, each with a baseline. */
    default ExampleSource with(Baseline baseline) {
        return of(size(), index -> {
            Example example = get(index);
            return example.with(baseline.of(index, example));
        }, this::length);
    }

    /** Some of the examples, in their order, from {@code first} on. */
    default ExampleSource slice(long first, long size) {
        return of(size, index -> get(first + index), index -> length(first + index));
    }

    /** What the baseline of an example is. */
    @FunctionalInterface
    interface Baseline {

        /** Of each position that the model reads of {@code example}, whose number is {@code index}; nothing where none is known. */
        float[] of(long index, Example example);
    }

    /** Examples held in memory. */
    static ExampleSource of(List<Example> examples) {
        List<Example> copy = List.copyOf(examples);
        return of(copy.size(), index -> copy.get(Math.toIntExact(index)));
    }

    /** The examples of several sources, one after the other. */
    static ExampleSource concatenated(List<ExampleSource> sources) {
        if (sources.size() == 1) {
            return sources.get(0);
        }
        NavigableMap<Long, ExampleSource> at = new TreeMap<>();    // by the index of their first example
        long size = 0;
        for (ExampleSource source : sources) {
            at.put(size, source);
            size += source.size();
        }
        return of(size, i -> at.floorEntry(i).getValue().get(i - at.floorKey(i)), i -> at.floorEntry(i).getValue().length(i - at.floorKey(i)));
    }

    /** {@code size} examples, as {@code get} gives them. */
    static ExampleSource of(long size, LongFunction<Example> get) {
        return of(size, get, index -> get.apply(index).length());
    }

    /** {@code size} examples, as {@code get} gives them, with {@code length} tokens each. */
    static ExampleSource of(long size, LongFunction<Example> get, LongToIntFunction length) {
        return new ExampleSource() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public Example get(long index) {
                return get.apply(index);
            }

            @Override
            public int length(long index) {
                return length.applyAsInt(index);
            }
        };
    }
}
