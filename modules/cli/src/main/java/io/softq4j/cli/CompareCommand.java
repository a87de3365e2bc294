package io.softq4j.cli;

import io.softq4j.cli.terminal.Bar;
import io.softq4j.cli.terminal.StopRequest;
import io.softq4j.workflow.Comparison;
import io.softq4j.workflow.ComparisonResult;
import io.softq4j.workflow.Configuration;
import io.softq4j.workflow.WorkListener;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code softq compare}. */
@Command(name = "compare", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Judges models, or texts they wrote, on the same prompts, and tells how they differ.",
        description = "%nEach side is a run, a checkpoint or a model directory, which is sampled; or a directory of softq evaluate, one of its files, or "
                + "texts of another program as JSON Lines with prompt and text. Models are sampled with the settings, the seed and the prompts of the first "
                + "one. Texts are matched by prompt. Differences are to the first side, with paired bootstrap intervals over prompts.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq compare runs/mle runs/iql --data test.jsonl --out compare.html \\",
            "      --metric bleu --metric rouge",
            "  # two files of samples, and texts of another program",
            "  softq compare report/samples-1.0.jsonl theirs.jsonl"
        })
final class CompareCommand implements Callable<Integer>, Computes {

    @Parameters(arity = "2..*", paramLabel = "SIDE", description = "Two to eight: run, checkpoint, model directory, directory of softq evaluate, file "
            + "of texts.")
    private List<Path> sides;

    @Mixin
    private ConfigOptions options;

    @Option(names = {"-d", "--data"}, paramLabel = "FILE", description = "Corpus file of prompts to sample models on; short for evaluation.data.")
    private Optional<String> data = Optional.empty();

    @Mixin
    private MetricsOption metrics = new MetricsOption();

    @Option(names = {"-o", "--out"}, paramLabel = "FILE", description = "Also write a page to look at, one HTML file.")
    private Optional<Path> out = Optional.empty();

    @Mixin
    private OutputOptions replacing;

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private CompareCommand() {
    }

    @Override
    public Integer call() {
        Configuration configuration = metrics.in(options.configuration().set(data.map("evaluation.data="::concat).stream().toList()));
        Comparison comparison = new Comparison(configuration);
        out.ifPresent(to -> comparison.writing(replacing.output(to)));
        PrintWriter err = spec.commandLine().getErr();
        ComparisonResult found;
        try (StopRequest stop = StopRequest.listen("token", line -> err.println("softq: " + line))) {
            try {
                found = comparison.progress(WorkListener.until(stop::requireGoingOn, Bar::new)).run(sides);
            } catch (CancellationException e) {
                err.println("softq: stopped; " + e.getMessage() + ", and nothing is compared. Begin again, with fewer evaluation.prompts if it takes too "
                        + "long.");
                return stop.exitCode();
            }
        }
        results.set(found);
        PrintWriter writer = spec.commandLine().getOut();
        writer.println(found.table());
        found.remarks().forEach(writer::println);
        if (!found.settings().isEmpty()) {
            writer.println();
            writer.println(found.settingsTable());
        }
        out.ifPresent(to -> {
            results.put("out", to);
            writer.println("page in " + to);
        });
        return 0;
    }
}
