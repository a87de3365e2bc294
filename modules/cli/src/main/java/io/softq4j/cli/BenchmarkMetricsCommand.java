package io.softq4j.cli;

import io.softq4j.cli.benchmark.MetricsBenchmark;
import io.softq4j.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code softq benchmark metrics}. */
@Command(name = "metrics", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Judging 10,000 texts by every metric, against one minute.",
        description = "%n2,000 prompts with five samples of 64 words and two references each, made up of words as frequent as those of a language. Each row "
                + "is what a metric takes from the texts to its value, the references' own value and its interval; the last row is all of them "
                + "together.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq benchmark metrics",
            "  softq benchmark metrics --metric bleu --metric vendi --json metrics.json"
        })
final class BenchmarkMetricsCommand implements Callable<Integer> {

    @Option(names = "--json", paramLabel = "FILE", arity = "0..1", fallbackValue = BenchmarkCommand.STANDARD_OUTPUT,
            description = "Print the rows as JSON "
            + "instead of a table, or write them to FILE too: [{measure, ours, peer, ratio, goal, met, ...}].")
    private Optional<Path> json = Optional.empty();

    @Option(names = "--metric", paramLabel = "NAME", description = "Only this metric; may be repeated. Without it: all.")
    private List<String> metrics = new ArrayList<>();

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "Timed rounds (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Mixin
    private OutputOptions replacing;

    @Spec
    private CommandSpec spec;

    private BenchmarkMetricsCommand() {
    }

    @Override
    public Integer call() {
        json.ifPresent(file -> replacing.output(file).requireFile(BenchmarkCommand.EARLIER));
        MetricsBenchmark.installed().run(new MetricsBenchmark.Options(json, metrics, rounds), BenchmarkCommand.table(json, spec),
                Terminal.progress(spec.commandLine().getErr()));
        return 0;
    }
}
