package io.softq4j.workflow;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Exclusive;
import io.softq4j.common.Json;
import io.softq4j.common.Mistakes;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.evaluation.Frontier;
import io.softq4j.evaluation.FrontierCell;
import io.softq4j.evaluation.FrontierPlot;
import io.softq4j.evaluation.FrontierPoint;
import io.softq4j.evaluation.FrontierSummary;
import io.softq4j.evaluation.Interval;
import io.softq4j.evaluation.TerminalTable;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.TuningConfig;
import io.softq4j.sweep.Sweep;
import io.softq4j.sweep.SweepConfig;
import io.softq4j.sweep.SweepListener;
import io.softq4j.sweep.SweepSummary;
import io.softq4j.sweep.Trial;
import io.softq4j.sweep.TrialRecord;
import io.softq4j.sweep.TrialResult;
import io.softq4j.sweep.TrialStatus;
import io.softq4j.training.ProgressListener;
import io.softq4j.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.MDC;

/**
 * A sweep of training runs, each sampled at every temperature, summed up as a frontier of quality (accuracy) against diversity (100 - Self-BLEU
 * between samples of one prompt). Every setting gets the same sampler sweep, maximum likelihood too.
 *
 * @param summary  the trials
 * @param frontier over all of them; the baseline is the first setting of the sweep
 */
public record Study(SweepSummary summary, Frontier frontier) {

    /**
     * Runs what is not yet done of the study in {@code out} and writes {@code sweep.json}, {@code frontier.json}, {@code frontier.png} and
     * {@code frontier.svg}.
     *
     * @param config   reads the configuration of a trial, given the assignments of its parameters
     * @param progress of each trial's training
     * @param sampling of each trial's evaluation
     */
    public static Study run(Function<List<String>, ConfigFile> config, PreparedData data, Path out, String title,
                            Function<Trial, ProgressListener> progress, WorkListener sampling, SweepListener listener) throws InterruptedException {
        return run(config, data, out, title, progress, sampling, listener, () -> false);
    }

    /**
     * The same, until it is asked to stop.
     *
     * @param stop whether the trials that run are to end after the step they are at, saved, and no other is to begin
     * @throws CancellationException if it has stopped
     */
    public static Study run(Function<List<String>, ConfigFile> config, PreparedData data, Path out, String title,
                            Function<Trial, ProgressListener> progress, WorkListener sampling, SweepListener listener,
                            BooleanSupplier stop) throws InterruptedException {
        Mistakes mistakes = new Mistakes();
        check((assignments, whole) -> config.apply(assignments), out, mistakes);
        mistakes.refuse();
        ConfigFile base = data.withSectionsOfPreparation(config.apply(List.of()));
        SweepConfig sweep = base.section(SweepConfig.class);
        Evaluation.check(base, data.tokenizer());
        Map<String, Object> identity = new LinkedHashMap<>();
        Map<String, Object> values = StartDefaults.of(base, new Start.Fresh(), base.section(Gpt2Config.class)).config().values();
        values.remove("sweep");    // the study says itself which trials it has
        identity.put("config", values);
        identity.put("data", data.train().manifest().shards().stream().map(s -> s.sha256()).toList());
        SweepSummary summary = Sweep.run(sweep, identity, out, trial -> {
            try (MDC.MDCCloseable line = MDC.putCloseable("trial", sweep.parallelism() > 1 ? trial.name() + ": " : "")) {
                return runTrial(config, data, trial, progress.apply(trial), sampling, stop);
            }
        }, listener);
        if (stop.getAsBoolean()) {
            throw new CancellationException("stopped");
        }
        Frontier frontier = frontier(summary);
        frontier.write(out.resolve("frontier.json"));
        FrontierPlot.write(frontier, title, out.resolve("frontier.png"));
        FrontierPlot.write(frontier, title, out.resolve("frontier.svg"));
        return new Study(summary, frontier);
    }

    /**
     * Finds what is wrong with a study before data are prepared: a slip in the last value of the last key would otherwise show after hours of training.
     *
     * @param config reads the configuration of a trial, given the assignments of its parameters
     */
    public static void check(BiFunction<List<String>, Mistakes, ConfigFile> config, Path out, Mistakes mistakes) {
        Mistakes ofAll = new Mistakes();
        ConfigFile base = config.apply(List.of(), ofAll);
        ofAll.messages().forEach(mistakes::add);
        SweepConfig sweep = base.section(SweepConfig.class);
        EvaluationConfig evaluation = base.section(EvaluationConfig.class);
        if (evaluation.task() == null) {
            mistakes.add("a sweep needs evaluation.task, which decides what is right: gsm8k, exact_match:FIELD, or the name of a Task class. "
                    + "Without it there is no quality to set against diversity.");
        }
        if (evaluation.samples() < 2) {
            mistakes.add("a sweep needs evaluation.samples of at least 2: diversity is measured between samples of one prompt.");
        }
        mistakes.check(() -> Evaluation.task(evaluation));
        for (String key : sweep.parameters().keySet()) {
            if (key.matches("(data|tokenizer|sweep)\\..*")) {
                mistakes.add("sweep.parameters." + key + " would change nothing: all trials share data that are prepared already, and one "
                        + "sweep. Prepare each variant with softq prepare and sweep it into a directory of its own.");
            }
            if (key.equals("training.seed")) {
                mistakes.add("sweep.parameters.training.seed: seeds are given by sweep.seeds: [1, 2, 3], so that results can be "
                        + "averaged over them.");
            }
        }
        for (Trial trial : Sweep.plan(sweep, out)) {
            String at = trial.parameters().isEmpty() ? "" : "sweep.parameters, at " + trial.setting() + ": ";
            Mistakes own = new Mistakes();
            ConfigFile configured = config.apply(assignments(trial), own);
            if (configured.section(TuningConfig.class).usePeft()) {
                mistakes.add("tuning.use_peft is true, but the trials of a sweep begin from fresh weights, and adapters need a model that is "
                        + "saved. Train adapters with softq train --model MODEL, once for each setting.");
            } else {
                TrainingRun.check(configured, new Start.Fresh(), own);
            }
            own.messages().stream().filter(message -> !ofAll.messages().contains(message))
                    .forEach(message -> mistakes.add(at + message.replaceFirst("^--set [^:]*: ", "")));
        }
    }

    private static List<String> assignments(Trial trial) {
        List<String> assignments = new ArrayList<>();
        trial.parameters().forEach((key, value) -> assignments.add(key + "=" + value));
        assignments.add("training.seed=" + trial.seed());
        return assignments;
    }

    private static TrialResult runTrial(Function<List<String>, ConfigFile> config, PreparedData data, Trial trial, ProgressListener progress,
                                        WorkListener sampling, BooleanSupplier stop) throws IOException {
        try (Exclusive alone = Exclusive.alone(trial.directory())) {
            return trainAndEvaluate(config, data, trial, progress, sampling, stop);
        }
    }

    private static TrialResult trainAndEvaluate(Function<List<String>, ConfigFile> config, PreparedData data, Trial trial, ProgressListener progress,
                                        WorkListener sampling, BooleanSupplier stop) throws IOException {
        ConfigFile own = data.withSectionsOfPreparation(config.apply(assignments(trial)));
        boolean begun = TrainingRun.canResume(own, data, trial.directory());
        if (!begun) {
            AtomicFiles.delete(trial.directory());
        }
        TrainingResult trainedTo = TrainingRun.train(own, data, trial.directory(), new Start.Fresh(), begun, progress, Optional.empty(), stop);
        requireGoingOn(trainedTo.stopped());
        List<EvaluationReport> reports;
        try (ModelDirectory trained = ModelDirectory.open(trainedTo.model())) {
            reports = Evaluation.run(trained, own, (temperature, samples) -> { }, WorkListener.until(() -> requireGoingOn(stop.getAsBoolean()), sampling));
        }
        List<Object> json = new ArrayList<>();
        for (EvaluationReport report : reports) {
            json.add(Json.STRICT.readValue(report.toJson(), Map.class));
        }
        AtomicFiles.writeString(trial.directory().resolve("evaluation.json"), Json.pretty(json));
        Frontier alone = Frontier.of("accuracy", "diversity", points("this", trial.seed(), reports), "this");
        return new TrialResult(alone.groups().get(0).hypervolume().value(), Map.of("evaluations", json));
    }

    private static void requireGoingOn(boolean stopped) {
        if (stopped) {
            throw new CancellationException("stopped");
        }
    }

    private static List<FrontierPoint> points(String group, long seed, List<EvaluationReport> reports) {
        List<FrontierPoint> points = new ArrayList<>();
        for (EvaluationReport report : reports) {
            points.add(new FrontierPoint(group, report.sampler().temperature(), seed, 100 * report.quality().accuracy(),
                    100 - report.diversity().selfBleuPrompt()));
        }
        return points;
    }

    private static Frontier frontier(SweepSummary summary) {
        List<FrontierPoint> points = new ArrayList<>();
        for (TrialRecord record : summary.trials()) {
            if (record.status() == TrialStatus.COMPLETE) {
                points.addAll(points(record.trial().setting(), record.trial().seed(), reports(record)));
            }
        }
        // also where all of its trials failed: another setting in its place would change the meaning of every comparison
        String baseline = summary.trials().get(0).trial().setting();
        if (points.isEmpty()) {
            throw new UserError("no trial of the sweep is complete, so there is nothing to compare yet. The same command goes on with them.");
        }
        return Frontier.of("accuracy, %", "diversity, 100 - Self-BLEU within a prompt", points, baseline);
    }

    private static List<EvaluationReport> reports(TrialRecord record) {
        List<EvaluationReport> reports = new ArrayList<>();
        for (Object json : (List<?>) record.report().get("evaluations")) {
            reports.add(EvaluationReport.parse(Json.line(json)));
        }
        return reports;
    }

    /** Setting by temperature: quality and diversity with their standard errors over seeds. */
    public TerminalTable cells() {
        List<List<String>> rows = new ArrayList<>();
        for (FrontierCell cell : frontier.cells()) {
            rows.add(List.of(cell.group(), Double.toString(cell.temperature()), estimate(cell.quality().mean(), cell.quality().standardError()),
                    estimate(cell.diversity().mean(), cell.diversity().standardError()), cell.pareto() ? "yes" : ""));
        }
        return new TerminalTable(List.of("setting", "temperature", "accuracy %", "diversity", "on the frontier"), rows);
    }

    /** Setting against the baseline, with intervals over seeds. */
    public TerminalTable comparison() {
        List<List<String>> rows = new ArrayList<>();
        for (FrontierSummary group : frontier.groups()) {
            rows.add(List.of(group.group(), interval(group.hypervolume()), interval(group.qualityGain()), interval(group.diversityGain())));
        }
        return new TerminalTable(List.of("setting", "hypervolume", "accuracy gain at equal diversity", "diversity gain at equal accuracy"), rows);
    }

    /** What the numbers of {@link #comparison} are, and why some are missing. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>(List.of("Means over seeds, gains against " + frontier.baseline() + " of the same seed; in brackets, with "
                + "two seeds or more, 95 % intervals by Student's t."));
        frontier.groups().stream().filter(group -> group.note() != null).forEach(group -> remarks.add(group.group() + ": " + group.note() + "."));
        return remarks;
    }

    private static String estimate(double mean, Double error) {
        return error == null ? String.format(Locale.ROOT, "%.1f", mean) : String.format(Locale.ROOT, "%.1f ± %.1f", mean, error);
    }

    private static String interval(Interval interval) {
        if (interval == null) {
            return "-";
        }
        return interval.low() == null ? String.format(Locale.ROOT, "%.2f", interval.value())
                : String.format(Locale.ROOT, "%.2f [%.2f, %.2f]", interval.value(), interval.low(), interval.high());
    }
}
