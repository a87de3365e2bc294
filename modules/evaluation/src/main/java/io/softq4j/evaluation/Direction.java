package io.softq4j.evaluation;

/** Which way a {@link Metric} is better. */
public enum Direction {
    /** More is better, as of accuracy. */
    HIGHER,
    /** Less is better, as of perplexity. */
    LOWER,
    /** Neither by itself, as of length: it describes. */
    NEITHER
}
