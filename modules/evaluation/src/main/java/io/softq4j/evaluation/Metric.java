package io.softq4j.evaluation;

import java.util.List;
import java.util.Set;

/**
 * A number that says something about texts a model wrote, or about the probability it gives to texts of others.
 *
 * <p>Those that ship are named in {@link Metrics}, each with its source. For one of your own write a public class with a public constructor without
 * parameters and name it in {@code evaluation.metrics} by its class name, {@code com.example.Slots}, with its jar in {@code SOFTQ_PLUGINS}; most
 * are a {@link SampleMetric}, a value for each sample.
 *
 * <p>A metric is a pure function of the items: one thread calls it, any order of calls gives the same.
 */
public interface Metric {

    /** The key that reports carry, such as {@code rougeL}: letters, digits, {@code _ + @ . -}. */
    String name();

    /** Which way is better. */
    Direction direction();

    /** What it cannot do without; without it the metric is refused before a model is sampled. */
    Set<Need> needs();

    /** What there is to know to compute it again, such as sacreBLEU's signature; the name where that says all. */
    default String signature() {
        return name();
    }

    /** The same where it depends on the items, as sacreBLEU's says how many references each has. */
    default String signature(List<Item> items) {
        return signature();
    }

    /**
     * Judges items.
     *
     * @param items at least one, each with what {@link #needs()} names; some may lack references where others have them
     * @throws io.softq4j.common.UserError if a record lacks what the metric reads from it
     */
    Scores score(List<Item> items);
}
