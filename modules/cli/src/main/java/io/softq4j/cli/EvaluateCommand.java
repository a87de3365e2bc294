package io.softq4j.cli;

import io.softq4j.cli.terminal.Bar;
import io.softq4j.cli.terminal.StopRequest;
import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.workflow.Configuration;
import io.softq4j.workflow.Evaluation;
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

/** {@code softq evaluate}. */
@Command(name = "evaluate", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Samples a model and measures quality and diversity.",
        description = "%nQuality needs a task that can tell right from wrong: accuracy, pass@k, number of different right answers. "
                + "Diversity: Self-BLEU over all "
                + "samples and within a prompt (high means little diversity), distinct-n, mean token entropy, length. One line for each "
                + "temperature.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq evaluate runs/iql --data gsm8k/test.jsonl --task gsm8k \\",
            "      --set evaluation.prompts=200",
            "  softq evaluate runs/iql --data test.jsonl \\",
            "      --set 'evaluation.temperatures=[0.5, 1.0, 1.5]' --out report"
        })
final class EvaluateCommand implements Callable<Integer>, Computes {

    @Parameters(index = "0", paramLabel = "MODEL", description = "Run directory, checkpoint or model directory.")
    private Path model;

    @Mixin
    private ConfigOptions options;

    @Option(names = {"-d", "--data"}, paramLabel = "FILE", description = "Corpus file of prompts, or - for standard input; short for evaluation.data.")
    private Optional<String> data = Optional.empty();

    @Option(names = {"-t", "--task"}, paramLabel = "TASK", description = "gsm8k, exact_match:FIELD or a class name; short for evaluation.task.")
    private Optional<String> task = Optional.empty();

    @Option(names = {"-o", "--out"}, paramLabel = "DIR", description = "Also write report-T.json and samples-T.jsonl for each temperature T.")
    private Optional<Path> out = Optional.empty();

    @Mixin
    private OutputOptions replacing;

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private EvaluateCommand() {
    }

    @Override
    public Integer call() {
        Configuration configuration = options.configuration().set(data.map("evaluation.data="::concat).stream().toList())
                .set(task.map("evaluation.task="::concat).stream().toList());
        Evaluation evaluation = new Evaluation(configuration);
        out.ifPresent(to -> evaluation.writing(replacing.output(to)));
        List<EvaluationReport> reports;
        PrintWriter err = spec.commandLine().getErr();
        try (StopRequest stop = StopRequest.listen("token", line -> err.println("softq: " + line))) {
            try {
                reports = evaluation.progress(WorkListener.until(stop::requireGoingOn, Bar::new)).run(model);
            } catch (CancellationException e) {
                err.println("softq: stopped; " + e.getMessage() + ", and no report is written. Begin again, with fewer evaluation.prompts or "
                        + "evaluation.temperatures if it takes too long.");
                return stop.exitCode();
            }
        }
        results.put("reports", reports);
        PrintWriter writer = spec.commandLine().getOut();
        writer.println(Evaluation.table(reports));
        out.ifPresent(to -> {
            results.put("out", to);
            writer.println("reports and samples in " + to);
        });
        return 0;
    }
}
