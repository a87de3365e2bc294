package io.softq4j.cli.benchmark;

import io.softq4j.common.UserError;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Measures what judging texts takes; implemented by the module benchmark. */
public interface MetricsBenchmark {

    /**
     * What to measure.
     *
     * @param json    where to write the rows, besides the table
     * @param metrics names of metrics; empty for all
     * @param rounds  timed rounds, of which the median counts
     */
    record Options(Optional<Path> json, List<String> metrics, int rounds) {

        public Options {
            metrics = List.copyOf(metrics);
            if (rounds < 1) {
                throw new UserError("--rounds must be at least 1, was " + rounds);
            }
        }
    }

    /**
     * Measures and prints a table.
     *
     * @param out for the table
     * @param err for what is being measured
     * @throws UserError if a metric is unknown
     */
    void run(Options options, PrintWriter out, PrintWriter err);

    /**
     * The one on the class path.
     *
     * @throws UserError if there is none
     */
    static MetricsBenchmark installed() {
        return ServiceLoader.load(MetricsBenchmark.class).findFirst().orElseThrow(() -> new UserError("the module benchmark is not on the class path. "
                + "Start it as ./softq benchmark metrics, with benchmark as the first word: the launcher then builds that module."));
    }
}
