package io.softq4j.workflow;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Exclusive;
import io.softq4j.common.Json;
import io.softq4j.common.Mistakes;
import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.evaluation.Frontier;
import io.softq4j.evaluation.FrontierPlot;
import io.softq4j.evaluation.FrontierPoint;
import io.softq4j.evaluation.FrontierSize;
import io.softq4j.generation.GenerationConfig;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Trains over values of any keys and over seeds, samples each model with every sampler, and sets quality against diversity, as {@code softq sweep} does.
 * Every setting gets the same grid of samplers, maximum likelihood too.
 *
 * <pre>
 * StudyResult found = new Study(configuration.sweep(c -&gt; c.parameters(Map.of("objective.lambda", List.of(0, 0.1))))).data(prepared).run(out);
 * </pre>
 *
 * <p>To be used by one thread. A study that ended early is gone on with by running it again.
 */
public final class Study {

    private static final Logger LOG = LoggerFactory.getLogger(Study.class);

    private final Configuration configuration;
    private Optional<Path> data = Optional.empty();
    private String title = "Quality against diversity";
    private Consumer<String> warnings = LOG::warn;
    private WorkListener preparing = WorkListener.NONE;
    private Function<Trial, ProgressListener> training = trial -> ProgressListener.NONE;
    private WorkListener sampling = WorkListener.NONE;
    private SweepListener listener = new SweepListener() { };
    private BooleanSupplier stop = () -> false;
    private Optional<OwnObjective> objective = Optional.empty();

    /**
     * A study.
     *
     * @param configuration its section {@code sweep} names the keys, their values and the seeds; {@code evaluation} what is measured
     */
    public Study(Configuration configuration) {
        this.configuration = configuration;
    }

    /** Trains on what {@link PreparedData#prepare} left in a directory. Without it the corpus is prepared, once, into a cache. */
    public Study data(Path directory) {
        data = Optional.of(directory);
        return this;
    }

    /** What stands above the picture. */
    public Study title(String text) {
        title = text;
        return this;
    }

    /**
     * Has every trial train an objective of the application's own, as {@link Train#objective} does: it is made anew for each, over what the section
     * {@code objective} of that trial describes. Trials that run at the same time make theirs in threads of their own.
     *
     * @param name  what it is, with all that decides it: a study goes on with the same name only
     * @param maker makes it when the model of a trial is made
     */
    public Study objective(String name, ObjectiveMaker maker) {
        objective = Optional.of(new OwnObjective(name, maker));
        return this;
    }

    /** Has what is allowed but likely not meant told, a sentence each, before the first trial. Without it the log has it. */
    public Study warnings(Consumer<String> told) {
        warnings = told;
        return this;
    }

    /** Has the preparation of a corpus shown. */
    public Study preparing(WorkListener progress) {
        preparing = progress;
        return this;
    }

    /** Has the training of each trial heard, by the threads that train. */
    public Study training(Function<Trial, ProgressListener> progress) {
        training = progress;
        return this;
    }

    /** Has the sampling of each trial shown. */
    public Study sampling(WorkListener progress) {
        sampling = progress;
        return this;
    }

    /** Has the trials heard. */
    public Study listener(SweepListener trials) {
        listener = trials;
        return this;
    }

    /** Ends the study when {@code asked} becomes true: the trials that run end after the step they are at, saved, and no other begins. */
    public Study stopWhen(BooleanSupplier asked) {
        stop = asked;
        return this;
    }

    /** Runs what is not yet done of the study in {@code out}. */
    public StudyResult run(Path out) throws InterruptedException {
        return run(Output.at(out));
    }

    /**
     * Runs what is not yet done of the study in a directory, or with {@link Output#forced} all of it again, and writes {@code sweep.json},
     * {@code frontier.json}, {@code frontier.png} and {@code frontier.svg}.
     *
     * @return what was found; trials may have failed
     * @throws CancellationException           if it was asked to stop
     * @throws io.softq4j.common.UserError     if the configuration of any trial is refused, there are no data, no task, or the directory holds another
     *                                         study, all before the first trial
     */
    public StudyResult run(Output output) throws InterruptedException {
        Mistakes mistakes = new Mistakes();
        ConfigFile config = configuration.read(mistakes);
        List<String> unread = new ArrayList<>();
        check(output.path(), mistakes, unread::add);
        DataSource source = new DataSource(data.map(StorePath::new).stream().toList());
        source.check(config, mistakes);
        Output to = output.reading(source.inputs(config).and(configuration.inputs()));
        mistakes.check(() -> to.requireEntries(Sweep.EARLIER));
        mistakes.refuse();
        try (Exclusive alone = Exclusive.alone(to.path())) {
            config.section(SweepConfig.class).warnings().forEach(warnings);
            unread.forEach(warnings);
            if (to.force()) {
                to.clear(Sweep.EARLIER.names());
            }
            return run(source.open(config, preparing), to.path());
        }
    }

    private StudyResult run(PreparedData prepared, Path out) throws InterruptedException {
        ConfigFile base = prepared.withSectionsOfPreparation(configuration.read());
        SweepConfig sweep = base.section(SweepConfig.class);
        StudyAxes axes = StudyAxes.of(sweep, base.section(EvaluationConfig.class), Evaluation.check(base, prepared.tokenizer()));
        Map<String, Object> identity = new LinkedHashMap<>();
        Map<String, Object> values = StartDefaults.of(base, new Start.Fresh(), base.section(Gpt2Config.class)).config().values();
        values.remove("sweep");    // the study says itself which trials it has
        identity.put("config", values);
        objective.ifPresent(own -> identity.put("objective of the application", own.name()));
        identity.put("axes", List.of(axes.quality().name(), axes.diversity().name()));    // the scores of trials are of these
        identity.put("data", prepared.train().manifest().shards().stream().map(s -> s.sha256()).toList());
        SweepSummary summary = Sweep.run(sweep, identity, out, trial -> {
            try (MDC.MDCCloseable line = MDC.putCloseable("trial", sweep.parallelism() > 1 ? trial.name() + ": " : "")) {
                return runTrial(prepared, trial, axes);
            }
        }, listener);
        if (stop.getAsBoolean()) {
            throw new CancellationException("stopped");
        }
        Frontier frontier = frontier(summary, axes);
        frontier.write(out.resolve("frontier.json"));
        FrontierPlot.write(frontier, title, out.resolve("frontier.png"));
        FrontierPlot.write(frontier, title, out.resolve("frontier.svg"));
        return new StudyResult(summary, frontier);
    }

    /**
     * Finds what is wrong with a study before data are prepared: a slip in the last value of the last key would otherwise show after hours of training.
     */
    private void check(Path out, Mistakes mistakes, Consumer<String> warned) {
        ConfigFile base = configuration.read(new Mistakes());
        EvaluationConfig evaluation = base.section(EvaluationConfig.class);
        SweepConfig sweep = base.section(SweepConfig.class);
        if (evaluation.samples() < 2 && sweep.diversity() == null) {
            mistakes.add("a sweep needs evaluation.samples of at least 2: diversity is measured between samples of one prompt.");
            mistakes.check(() -> Evaluation.task(evaluation));
        } else {
            mistakes.check(() -> StudyAxes.check(sweep, evaluation));
        }
        mistakes.check(() -> SamplerGrid.of(evaluation, base.section(GenerationConfig.class)));
        checkTrials(configuration, out, mistakes, warned);
    }

    /**
     * The part of it that needs no evaluation.
     *
     * @param warned has what no trial reads
     */
    static void checkTrials(Configuration configuration, Path out, Mistakes mistakes, Consumer<String> warned) {
        Mistakes ofAll = new Mistakes();
        SweepConfig sweep = configuration.read(ofAll).section(SweepConfig.class);
        for (String key : sweep.parameters().keySet()) {
            if (key.matches(SweepConfig.NOT_SWEPT)) {
                mistakes.add("sweep.parameters." + key + (key.startsWith("training.") ? ": seeds are given by sweep.seeds: [1, 2, 3], so that results "
                        + "can be averaged over them." : " would change nothing: all trials share data that are prepared already, and one sweep. "
                        + "Prepare each variant with softq prepare and sweep it into a directory of its own."));
            }
        }
        Set<String> told = new HashSet<>();
        Map<String, String> unread = null;
        for (Trial trial : Sweep.plan(sweep, out)) {
            String at = trial.parameters().isEmpty() ? "" : "sweep.parameters, at " + trial.setting() + ": ";
            Mistakes own = new Mistakes();
            ConfigFile configured = configuration.set(assignments(trial)).read(own);
            Map<String, String> here = configured.unread("training", "objective", "model", "tuning", "sweep").stream()
                    .collect(Collectors.toMap(ConfigFile.Unread::key, ConfigFile.Unread::text, (a, b) -> a, LinkedHashMap::new));
            if (unread == null) {
                unread = here;
            }
            unread.keySet().retainAll(here.keySet());
            if (configured.section(TuningConfig.class).usePeft()) {
                mistakes.add("tuning.use_peft is true, but the trials of a sweep begin from fresh weights, and adapters need a model that is "
                        + "saved. Train adapters with softq train --model MODEL, once for each setting.");
            } else {
                TrainingRun.check(configured, new Start.Fresh(), own);
            }
            own.messages().stream().filter(message -> !ofAll.messages().contains(message)).map(message -> message.replaceFirst("^--set [^:]*: ", ""))
                    .filter(told::add).forEach(message -> mistakes.add(at + message));
        }
        if (unread != null) {
            unread.values().forEach(warned);
        }
    }

    private static List<String> assignments(Trial trial) {
        List<String> assignments = new ArrayList<>();
        trial.parameters().forEach((key, value) -> assignments.add(key + "=" + value));
        assignments.add("training.seed=" + trial.seed());
        return assignments;
    }

    private TrialResult runTrial(PreparedData prepared, Trial trial, StudyAxes axes) throws IOException {
        try (Exclusive alone = Exclusive.alone(trial.directory())) {
            return trainAndEvaluate(prepared, trial, axes);
        }
    }

    private TrialResult trainAndEvaluate(PreparedData prepared, Trial trial, StudyAxes axes) throws IOException {
        ConfigFile own = prepared.withSectionsOfPreparation(configuration.set(assignments(trial)).read());
        boolean begun = TrainingRun.canResume(own, prepared, trial.directory());
        if (!begun) {
            AtomicFiles.delete(trial.directory());
        }
        TrainingResult trainedTo = TrainingRun.train(own, prepared, trial.directory(), new Start.Fresh(), begun, training.apply(trial), Optional.empty(), stop,
                objective, WorkListener.NONE);
        requireGoingOn(trainedTo.stopped());
        List<EvaluationReport> reports;
        try (ModelDirectory trained = ModelDirectory.open(trainedTo.model())) {
            reports = Evaluation.run(trained, own, axes.metrics(), samples -> { }, WorkListener.until(() -> requireGoingOn(stop.getAsBoolean()), sampling));
        }
        List<Object> json = new ArrayList<>();
        for (EvaluationReport report : reports) {
            json.add(Json.STRICT.readValue(report.toJson(), Map.class));
        }
        AtomicFiles.writeString(trial.directory().resolve("evaluation.json"), Json.pretty(json));
        List<FrontierPoint> points = axes.points("this", trial.seed(), reports);
        double score = points.isEmpty() ? 0 : Frontier.of(axes.qualityAxis(reports), axes.diversityAxis(reports), points, "this").groups().get(0).hypervolume()
                .value();
        return new TrialResult(score, Map.of("evaluations", json));
    }

    private static void requireGoingOn(boolean stopped) {
        if (stopped) {
            throw new CancellationException("stopped");
        }
    }

    private static Frontier frontier(SweepSummary summary, StudyAxes axes) {
        List<FrontierPoint> points = new ArrayList<>();
        List<EvaluationReport> all = new ArrayList<>();
        for (TrialRecord record : summary.trials()) {
            if (record.status() == TrialStatus.COMPLETE) {
                List<EvaluationReport> reports = reports(record);
                all.addAll(reports);
                points.addAll(axes.points(record.trial().setting(), record.trial().seed(), reports));
            }
        }
        // also where all of its trials failed: another setting in its place would change the meaning of every comparison
        String baseline = summary.trials().get(0).trial().setting();
        if (all.isEmpty()) {
            throw new UserError("no trial of the sweep is complete, so there is nothing to compare yet. The same command goes on with them.");
        }
        if (points.isEmpty()) {
            throw new UserError("no model has a value of both " + axes.quality().name() + " and " + axes.diversity().name() + " with any sampler, so there is "
                    + "no frontier. The reports are in trial-*/evaluation.json; name other metrics as sweep.quality and sweep.diversity, in another "
                    + "directory.");
        }
        EvaluationReport any = all.get(0);
        return Frontier.of(axes.qualityAxis(all), axes.diversityAxis(all), points, baseline)
                .of(new FrontierSize(any.counts().prompts(), any.sampler().n()));
    }

    private static List<EvaluationReport> reports(TrialRecord record) {
        List<EvaluationReport> reports = new ArrayList<>();
        for (Object json : (List<?>) record.report().get("evaluations")) {
            reports.add(EvaluationReport.parse(Json.line(json)));
        }
        return reports;
    }
}
