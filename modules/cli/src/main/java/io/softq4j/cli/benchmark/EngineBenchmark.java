package io.softq4j.cli.benchmark;

import io.softq4j.common.UserError;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Measures the engine against others; implemented by the module benchmark. */
public interface EngineBenchmark {

    /**
     * What to measure.
     *
     * @param json     where to write the rows, besides the table
     * @param measures names of measures; empty for all
     * @param steps    timed steps of each side of a comparison
     */
    record Options(Optional<Path> json, List<String> measures, int steps) {

        public Options {
            measures = List.copyOf(measures);
            if (steps < 1) {
                throw new UserError("--steps must be at least 1, was " + steps);
            }
        }
    }

    /**
     * Measures and prints a table.
     *
     * @param out for the table
     * @param err for what is being measured
     * @throws UserError if a measure is unknown or this machine cannot run the comparison
     */
    void run(Options options, PrintWriter out, PrintWriter err);

    /**
     * The one on the class path.
     *
     * @throws UserError if there is none
     */
    static EngineBenchmark installed() {
        return ServiceLoader.load(EngineBenchmark.class).findFirst().orElseThrow(() -> new UserError("the module benchmark is not on the class path. "
                + "Start it as ./softq benchmark engine, with benchmark as the first word: the launcher then builds that module."));
    }
}
