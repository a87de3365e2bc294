package io.softq4j.cli;

import io.softq4j.cli.terminal.Bar;
import io.softq4j.cli.terminal.MetricListText;
import io.softq4j.cli.terminal.StopRequest;
import io.softq4j.common.UserError;
import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.evaluation.OwnClass;
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
        header = "Judges a model, or texts made elsewhere, by metrics.",
        description = "%nA table of metrics for each temperature: value, interval, and the same measure of the references. Metrics are named by "
                + "--metric or evaluation.metrics; --task stands for several, or tells right from wrong; without either it is how different the samples "
                + "are. Metrics of likelihood (nll, perplexity, bits_per_byte, token_accuracy) sample nothing. See docs/evaluation.md.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq evaluate --list",
            "  softq evaluate runs/iql --data gsm8k/test.jsonl --task gsm8k \\",
            "      --set evaluation.prompts=200",
            "  softq evaluate runs/iql --data test.jsonl --metric bleu --metric rougeL \\",
            "      --set 'evaluation.temperatures=[0.5, 1.0, 1.5]' --out report",
            "  softq evaluate runs/iql --data test.jsonl --metric bits_per_byte",
            "  softq evaluate --predictions theirs.jsonl --data test.jsonl --task translation"
        })
final class EvaluateCommand implements Callable<Integer>, Computes {

    @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL", description = "Run directory, checkpoint, model directory or adapter.")
    private Optional<Path> model = Optional.empty();

    @Mixin
    private ConfigOptions options;

    @Option(names = {"-d", "--data"}, paramLabel = "FILE", description = "Corpus file of prompts, or - for standard input; short for evaluation.data.")
    private Optional<String> data = Optional.empty();

    @Option(names = {"-t", "--task"}, paramLabel = "TASK", description = "A name that --list shows, exact_match:FIELD or a class name; short for "
            + "evaluation.task.")
    private Optional<String> task = Optional.empty();

    @Mixin
    private MetricsOption metrics = new MetricsOption();

    @Option(names = {"-p", "--predictions"}, paramLabel = "FILE", description = "Judge the texts of a file in place of a model: rows with text, prediction, "
            + "response or predictions, and prompt or row, or in the order of --data.")
    private Optional<Path> predictions = Optional.empty();

    @Option(names = "--list", description = "Show every metric and task there is, also those in SOFTQ_PLUGINS, and end.")
    private boolean list;

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
        PrintWriter writer = spec.commandLine().getOut();
        if (list) {
            List<OwnClass> own = OwnClass.in(System.getenv("SOFTQ_PLUGINS"));
            results.put("metrics", MetricListText.metrics());
            results.put("tasks", MetricListText.byTask());
            List<String> unreadable = OwnClass.unreadable(System.getenv("SOFTQ_PLUGINS"));
            results.put("classes", own);
            results.put("warnings", unreadable);
            writer.print(MetricListText.of(own, unreadable));
            writer.flush();
            return 0;
        }
        if (model.isPresent() == predictions.isPresent()) {
            throw new UserError(model.isPresent() ? "what is to be judged, the model " + model.get() + " or the texts of " + predictions.get()
                    + "? Give one of the two." : "what is to be judged? Give a model, as in softq evaluate runs/iql --data test.jsonl, or texts, as in softq "
                    + "evaluate --predictions texts.jsonl; softq evaluate --list shows what can be measured.");
        }
        Evaluation evaluation = new Evaluation(configuration());
        out.ifPresent(to -> evaluation.writing(replacing.output(to)));
        List<EvaluationReport> reports;
        PrintWriter err = spec.commandLine().getErr();
        try (StopRequest stop = StopRequest.listen("token", line -> err.println("softq: " + line))) {
            try {
                evaluation.progress(WorkListener.until(stop::requireGoingOn, Bar::new));
                reports = predictions.isPresent() ? List.of(evaluation.judgePredictions(predictions.get()).report()) : evaluation.run(model.get());
            } catch (CancellationException e) {
                err.println("softq: stopped; " + e.getMessage() + ", and no report is written. Begin again, with fewer evaluation.prompts or "
                        + "evaluation.temperatures if it takes too long.");
                return stop.exitCode();
            }
        }
        results.put("reports", reports);
        writer.println(Evaluation.table(reports));
        out.ifPresent(to -> {
            results.put("out", to);
            writer.println("reports and samples in " + to);
        });
        return 0;
    }

    private Configuration configuration() {
        Configuration configuration = options.configuration().set(data.map("evaluation.data="::concat).stream().toList())
                .set(task.map("evaluation.task="::concat).stream().toList());
        return metrics.in(configuration);
    }
}
