package io.softq4j.benchmark;

import java.util.List;

/** One run of the benchmark, which gives one row or more. */
interface Measure {

    /** What {@code --measure} calls it. */
    String name();

    /**
     * Measures.
     *
     * @param steps timed steps of each side
     */
    List<Row> run(Processes processes, int steps);
}
