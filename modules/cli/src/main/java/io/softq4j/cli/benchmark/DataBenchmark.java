package io.softq4j.cli.benchmark;

import io.softq4j.common.UserError;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Measures tokenising, preparing and reading data; implemented by the module benchmark. */
public interface DataBenchmark {

    /**
     * What to measure.
     *
     * @param corpus   files, globs or directories with the text; empty: text made up for the purpose
     * @param json     where to write the rows, besides the table
     * @param measures names of measures; empty for all
     * @param rounds   timed rounds of each side of a comparison
     */
    record Options(List<String> corpus, Optional<Path> json, List<String> measures, int rounds) {

        public Options {
            corpus = List.copyOf(corpus);
            measures = List.copyOf(measures);
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
     * @throws UserError if a measure is unknown, or the corpus cannot be read
     */
    void run(Options options, PrintWriter out, PrintWriter err);

    /**
     * The one on the class path.
     *
     * @throws UserError if there is none
     */
    static DataBenchmark installed() {
        return ServiceLoader.load(DataBenchmark.class).findFirst().orElseThrow(() -> new UserError("the module benchmark is not on the class path. "
                + "Start it as ./softq benchmark data, with benchmark as the first word: the launcher then builds that module."));
    }
}
