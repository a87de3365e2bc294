package io.softq4j.cli;

import io.softq4j.cli.terminal.Bar;
import io.softq4j.cli.terminal.ProfileTable;
import io.softq4j.cli.terminal.StopRequest;
import io.softq4j.cli.terminal.Terminal;
import io.softq4j.cli.terminal.TerminalProgress;
import io.softq4j.common.Visible;
import io.softq4j.graph.plan.Profile;
import io.softq4j.objective.Figure;
import io.softq4j.objective.Figures;
import io.softq4j.training.PlainProgress;
import io.softq4j.training.ProgressListener;
import io.softq4j.training.TrainingResult;
import io.softq4j.workflow.Start;
import io.softq4j.workflow.StorePath;
import io.softq4j.workflow.Train;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code softq train}. */
@Command(name = "train", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Trains a model on prepared data, with maximum likelihood or inverse soft-Q-learning.",
        description = "%nThe loss is mean(-log pi) + lambda mean(delta^2), delta = Q(s,a) - gamma V(s'), where the model's own logits are Q "
                + "(arXiv 2409.01369, Eq. 14). objective.lambda=0 is maximum likelihood, ordinary SFT. Metrics go to metrics.jsonl in "
                + "the run directory, "
                + "the model to model/ there, in Hugging Face's layout.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq train --data data --out runs/mle --set objective.lambda=0",
            "  softq train -c configs/gsm8k.yaml --data data --out runs/iql \\",
            "      --set objective.lambda=0.1",
            "  # after a crash: the same bits",
            "  softq train -c configs/gsm8k.yaml --data data --out runs/iql --resume",
            "  # start from a model",
            "  softq train --data data --model runs/mle --out runs/tuned",
            "  # fresh weights of that size",
            "  softq train --data data --config-name SmolLM2-135M/config.json --out runs/new",
            "  # adapters alone (LoRA)",
            "  softq train --data data --model runs/mle --out runs/lora \\",
            "      --set tuning.use_peft=true",
            "  # three rows of math with one of chat",
            "  softq train --data math:3 --data chat:1 --out runs/both",
            "  # where the time goes",
            "  softq train --data data --out runs/profile --set training.max_steps=20 \\",
            "      --profile",
            "  # what a step runs and needs",
            "  softq train --data data --out runs/mle --explain"
        })
final class TrainCommand implements Callable<Integer>, Computes {

    private static final double SECONDS_BETWEEN_LINES = 10;

    @Mixin
    private ConfigOptions options;

    @Option(names = {"-d", "--data"}, paramLabel = "DIR[:WEIGHT]", description = "What softq prepare made. Given several times, the rows of a step "
            + "are of all, each as often as its weight says (1 without). Without it data.train of the configuration is prepared, once, into a "
            + "cache.")
    private List<String> data = List.of();

    @Option(names = {"-o", "--out"}, required = true, paramLabel = "DIR", description = "The run directory.")
    private Path out;

    @ArgGroup
    private Origin origin = new Origin();

    private static final class Origin {
        @Option(names = {"-m", "--model"}, paramLabel = "DIR", description = "Start from this model instead of fresh weights.")
        private Optional<Path> model = Optional.empty();

        @Option(names = "--config-name", paramLabel = "FILE", description = "Fresh weights of the size this config.json of Hugging Face gives, of "
                + "any family that softq models lists; a directory stands for the config.json in it. Without it: the section model.")
        private Optional<Path> configName = Optional.empty();
    }

    @Option(names = "--resume", description = "Go on with the run in --out after its newest checkpoint. What is not given again is as the run "
            + "has it; max_steps, logging, saving, evaluation and paths may change.")
    private boolean resume;

    @Option(names = "--profile", description = "At the end show where the time went: each kind of op with its share and its rates, "
            + "against what this machine can do.")
    private boolean profile;

    @Option(names = "--explain", description = "Show what a step runs and costs, op by op with the place of every value in memory, and stop.")
    private boolean explain;

    @Mixin
    private OutputOptions replacing;

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private TrainCommand() {
    }

    @Override
    public Integer call() {
        Train train = new Train(options.configuration()).from(Start.of(origin.model, origin.configName)).preparing(Bar::new);
        train.data(data.stream().map(StorePath::parse).toList());
        if (explain) {
            String explanation = resume ? train.explainResumed(out) : train.explain();
            results.put("explanation", explanation);
            spec.commandLine().getOut().println(explanation);
            return 0;
        }
        Optional<Profile> times = profile ? Optional.of(new Profile()) : Optional.empty();
        times.ifPresent(train::profile);
        PrintWriter err = spec.commandLine().getErr();
        try (StopRequest stop = StopRequest.listen("step", line -> err.println("softq: " + line))) {
            train.listener(progress("")).stopWhen(stop::isMade);
            TrainingResult result;
            try {
                result = resume ? train.resume(out) : train.run(replacing.output(out));
            } catch (CancellationException e) {
                err.println("softq: " + e.getMessage());
                return stop.exitCode();
            }
            results.put("steps", result.steps());
            results.put("stopped", result.stopped());
            result.lastStep().ifPresent(last -> results.put("train", last));
            result.lastEval().ifPresent(eval -> results.put("validation", eval));
            result.best().filter(best -> best.step().isPresent()).ifPresent(best -> results.put("best", Map.of("metric", best.metric(), "value",
                    best.value().getAsDouble(), "step", best.step().getAsLong())));
            results.put("metrics", out.resolve("metrics.jsonl"));
            if (result.stopped()) {
                err.printf(Locale.ROOT, "softq: stopped after step %d; go on with --resume%n", result.steps());
                return stop.exitCode();
            }
            report(result, times);
            return 0;
        }
    }

    private void report(TrainingResult result, Optional<Profile> times) {
        results.put("model", result.model());
        times.ifPresent(seen -> results.put("profile", seen.rows()));
        result.lastStep().ifPresent(last -> spec.commandLine().getOut().printf(Locale.ROOT, "%,d steps: loss %.4f%s%n",
                result.steps(), last.loss(), terms(last.figures(), Figure.Role.TERM, Figure.Role.RESULT)));
        if (result.lastStep().isEmpty()) {
            spec.commandLine().getOut().printf(Locale.ROOT, "all %,d steps were done before%n", result.steps());
        }
        result.lastEval().ifPresent(eval -> spec.commandLine().getOut().printf(Locale.ROOT, "validation: %s%s%n", eval.text(),
                terms(eval.figures(), Figure.Role.TERM)));
        result.best().ifPresent(best -> spec.commandLine().getOut().printf(Locale.ROOT, "best: %s%n", best));
        spec.commandLine().getOut().printf(Locale.ROOT, "model in %s, metrics in %s%n", result.model(), out.resolve("metrics.jsonl"));
        times.ifPresent(seen -> spec.commandLine().getOut().printf(Locale.ROOT, "%s", ProfileTable.of(seen)));
    }

    private static String terms(Figures figures, Figure.Role... roles) {
        return Stream.of(roles).map(figures::text).filter(text -> !text.isEmpty()).map(text -> ", " + text).collect(Collectors.joining());
    }

    /** A bar for a person, lines for a log. */
    static ProgressListener progress(String prefix) {
        return Terminal.redraws() ? new TerminalProgress(System.err) : lines(prefix);
    }

    /** Lines that begin with {@code prefix}, also on a terminal. */
    static ProgressListener lines(String prefix) {
        PrintStream to = Terminal.progress();
        return new PlainProgress(line -> to.println(Visible.text(prefix) + line), SECONDS_BETWEEN_LINES);
    }
}
