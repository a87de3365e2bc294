package io.softq4j.cli;

import io.softq4j.cli.terminal.Bar;
import io.softq4j.cli.terminal.StopRequest;
import io.softq4j.cli.terminal.Terminal;
import io.softq4j.common.Mistakes;
import io.softq4j.common.Output;
import io.softq4j.sweep.SweepConfig;
import io.softq4j.sweep.SweepListener;
import io.softq4j.sweep.SweepSummary;
import io.softq4j.sweep.Trial;
import io.softq4j.sweep.TrialRecord;
import io.softq4j.sweep.TrialStatus;
import io.softq4j.training.PlainProgress;
import io.softq4j.workflow.Configuration;
import io.softq4j.workflow.Study;
import io.softq4j.workflow.StudyResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code softq sweep}. */
@Command(name = "sweep", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Trains over values of lambda (or any key) and seeds, and draws the frontier of quality against diversity.",
        description = "%nRun by Arbiter. The sweep section names the keys and their values, or ranges for random search; each setting is "
                + "trained once a seed, each model "
                + "sampled with every sampler of the evaluation section. sweep.quality and sweep.diversity name the two metrics of the picture, "
                + "docs/evaluation.md explains it. Interrupted, the same command goes on where it stopped.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq sweep -c configs/gsm8k.yaml --data data --out runs/sweep \\",
            "      --set 'sweep.parameters={objective.lambda: [0, 0.1, 0.5]}'",
            "  # sweep.json, frontier.png, frontier.svg, a run directory a trial",
            "  softq sweep -c study.yaml --data data --out runs/sweep"
        })
final class SweepCommand implements Callable<Integer>, Computes {

    @Mixin
    private ConfigOptions options;

    @Option(names = {"-d", "--data"}, paramLabel = "DIR", description = "What softq prepare made. Without it data.train of the configuration is "
            + "prepared, once, into a cache.")
    private Optional<Path> data = Optional.empty();

    @Option(names = {"-o", "--out"}, required = true, paramLabel = "DIR", description = "The directory of the study.")
    private Path out;

    @Mixin
    private OutputOptions replacing;

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private SweepCommand() {
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter writer = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (StopRequest stop = StopRequest.listen("step", line -> err.println("softq: " + line))) {
            Configuration configuration = options.configuration();
            Study study = new Study(configuration).preparing(Bar::new).stopWhen(stop::isMade);
            data.ifPresent(study::data);
            StudyResult found;
            try {
                found = run(study, configuration, replacing.output(out), writer, err);
            } catch (CancellationException e) {
                err.println("softq: stopped; the same command goes on where it stopped");
                return stop.exitCode();
            }
            return outcome(found, writer);
        }
    }

    private int outcome(StudyResult study, PrintWriter writer) {
        results.put("sweep", out.resolve("sweep.json"));
        results.put("trials", study.summary().trials().size());
        for (TrialStatus status : TrialStatus.values()) {
            results.put(status.name().toLowerCase(Locale.ROOT), study.summary().count(status));
        }
        study.summary().best().ifPresent(best -> results.put("best", best.trial().name()));
        results.put("frontier", JsonResults.tree(study.frontier().toJson()));
        writer.println("trials and scores in " + out.resolve("sweep.json") + ", picture in " + out.resolve("frontier.png"));
        return outcome(study.summary());
    }

    /** A study with holes is no success for a script, though the picture of the rest is drawn. */
    private int outcome(SweepSummary summary) {
        long failed = summary.count(TrialStatus.FAILED);
        long open = summary.trials().size() - summary.count(TrialStatus.COMPLETE) - failed;
        if (open > 0) {
            spec.commandLine().getErr().println("softq: " + open + " of " + summary.trials().size() + " trials have not run (sweep.max_minutes). "
                    + "The same command goes on with them.");
        }
        if (failed > 0) {
            TrialRecord first = summary.trials().stream().filter(r -> r.status() == TrialStatus.FAILED).findFirst().orElseThrow();
            spec.commandLine().getErr().println("softq: error: " + failed + " of " + summary.trials().size() + " trials failed, tables and picture "
                    + "are of the others. The first, " + first.trial().name() + ": " + first.errorSummary());
        }
        return failed > 0 ? Errors.USER : 0;
    }

    /** Runs a study with progress and tables. */
    static StudyResult run(Study study, Configuration configuration, Output out, PrintWriter writer, PrintWriter err) throws InterruptedException {
        int parallelism = configuration.read(new Mistakes()).section(SweepConfig.class).parallelism();
        StudyResult found = study.training(trial -> parallelism > 1 ? TrainCommand.lines(trial.name() + ": ") : TrainCommand.progress("  "))
                .sampling(Bar::new).listener(new Announcements(Terminal.progress(err), parallelism)).run(out);
        writer.println(found.cells());
        writer.println(found.comparison());
        found.remarks().forEach(writer::println);
        return found;
    }

    /** What a person reads of a study while it runs. */
    static final class Announcements implements SweepListener {
        private final PrintWriter err;
        private final int parallelism;
        private final List<Double> seconds = new ArrayList<>();
        private int total;
        private int open;

        Announcements(PrintWriter err, int parallelism) {
            this.err = err;
            this.parallelism = parallelism;
        }

        @Override
        public void sweepStarted(List<TrialRecord> records, int toRun) {
            total = records.size();
            open = toRun;
            records.forEach(this::measure);
            err.println(total + " trials" + (toRun < total ? ", " + (total - toRun) + " done before" : "") + left());
        }

        @Override
        public void trialStarted(Trial trial) {
            err.println("trial " + (trial.index() + 1) + " of " + total + ": " + trial.setting() + ", seed " + trial.seed());
        }

        @Override
        public void trialFinished(TrialRecord record) {
            open--;
            measure(record);
            String name = parallelism > 1 ? record.trial().name() + ": " : "  ";
            if (record.status() == TrialStatus.COMPLETE) {
                err.printf(Locale.ROOT, "%sdone in %.0f s, hypervolume %.1f%s%n", name, record.seconds(), record.score(), left());
            } else {
                err.println(name + record.status().name().toLowerCase(Locale.ROOT)
                        + (record.error().isEmpty() ? "" : ": " + record.errorSummary()) + left());
            }
        }

        private void measure(TrialRecord record) {
            if (record.status() == TrialStatus.COMPLETE) {
                seconds.add(record.seconds());
            }
        }

        /** Those that are open take as long as those that are complete did. */
        private String left() {
            if (seconds.isEmpty() || open == 0) {
                return "";
            }
            double mean = seconds.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
            int rounds = (open + parallelism - 1) / parallelism;
            return "; about " + PlainProgress.duration(mean * rounds) + " left for " + open + (open == 1 ? " trial" : " trials");
        }
    }
}
