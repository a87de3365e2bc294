package io.softq4j.workflow;

import io.softq4j.common.Mistakes;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.backend.HostMemory;
import io.softq4j.graph.plan.PlanReport;
import io.softq4j.graph.plan.Profile;
import io.softq4j.model.AdapterConfig;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.ModelGraph;
import io.softq4j.model.TuningConfig;
import io.softq4j.objective.BatchShape;
import io.softq4j.objective.Objective;
import io.softq4j.objective.ObjectiveSettings;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.training.EvalHook;
import io.softq4j.training.Evaluations;
import io.softq4j.training.ProgressListener;
import io.softq4j.training.Trainer;
import io.softq4j.training.TrainingConfig;
import io.softq4j.training.TrainingResult;
import io.softq4j.training.rows.ExampleSource;
import io.softq4j.training.rows.StepSource;
import io.softq4j.training.rows.TrainingData;
import io.softq4j.training.rows.ValidationSource;
import io.softq4j.training.run.Checkpoint;
import io.softq4j.training.run.RunDirectory;
import io.softq4j.training.run.RunRecord;
import io.softq4j.training.run.TrainingMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One training run, from prepared data to a model directory. */
final class TrainingRun {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

    private TrainingRun() {
    }

    /** Finds what is wrong with a run before data are prepared or a model is read. */
    static void check(ConfigFile config, Start start, Mistakes mistakes) {
        mistakes.check(() -> start.size(config.section(Gpt2Config.class)));
        mistakes.check(() -> base(config.section(TuningConfig.class), start));
        mistakes.check(() -> StartBaseline.check(StartDefaults.objective(config, start).startValues(), start));
        TrainingConfig training = config.section(TrainingConfig.class);
        mistakes.check(() -> config.section(EvaluationConfig.class).whileTraining().requireFits(training.saveSteps()));
        if (config.section(EvaluationConfig.class).predictWithGenerate()) {
            mistakes.check(() -> Evaluation.metrics(config.section(EvaluationConfig.class)));
        }
        if (training.maxSteps() > 0) {
            mistakes.check(() -> StartDefaults.objective(config, start).requireArrival(training.maxSteps(), "training.max_steps"));
        }
    }

    /** Whether {@code out} has a checkpoint of the run that would be trained there from fresh weights. */
    static boolean canResume(ConfigFile userConfig, PreparedData data, Path out) throws IOException {
        Path config = out.resolve("config.yaml");
        return Files.exists(config) && RunRecord.read(out).isPresent() && Checkpoint.latest(out).isPresent()
                && Files.readString(config).equals(settled(userConfig, data, new Start.Fresh(), Set.of()).config().effectiveYaml());
    }

    /** Trains, without a profile. */
    static TrainingResult train(ConfigFile userConfig, PreparedData data, Path out, Optional<Path> start, boolean resume,
                                       ProgressListener progress) {
        return train(userConfig, data, out, Start.of(start, Optional.empty()), resume, progress, Optional.empty());
    }

    /**
     * Trains.
     *
     * @param out    the run directory
     * @param start  what the weights are at first
     * @param resume true to go on with the run in {@code out}
     * @param profile what the time of every op is added to
     */
    static TrainingResult train(ConfigFile userConfig, PreparedData data, Path out, Start start, boolean resume,
                                       ProgressListener progress, Optional<Profile> profile) {
        return train(userConfig, data, out, start, resume, progress, profile, () -> false, Optional.empty(), WorkListener.NONE);
    }

    /**
     * The same, until it is asked to stop.
     *
     * @param stop whether the run is to end after the step it is at, saved
     * @param own  the objective, where it is not that of the configuration
     * @param preparing hears what is computed before the first step
     */
    static TrainingResult train(ConfigFile userConfig, PreparedData data, Path out, Start start, boolean resume,
                                       ProgressListener progress, Optional<Profile> profile, BooleanSupplier stop,
                                       Optional<OwnObjective> own, WorkListener preparing) {
        StartDefaults settled = settled(userConfig, data, start, resume ? RunIdentity.later(RunDirectory.record(out)) : Set.of());
        ConfigFile config = settled.config();
        Tokenizer tokenizer = data.tokenizer();
        TrainingConfig training = config.section(TrainingConfig.class);
        ObjectiveSettings objective = config.section(ObjectiveSettings.class);
        TuningConfig tuning = config.section(TuningConfig.class);
        if (!resume) {
            RunDirectory.requireNone(out);
        }
        Optional<Path> base = base(tuning, start);
        if (resume && base.isPresent()) {
            requireSamePath(out, base.get());
        }
        ModelConfig size = start.size(config.section(Gpt2Config.class), tokenizer);
        LeastMemory.requireFits(size, tuning, training.optimizer(), HostMemory.available());
        Outlined outlined = outline(config, data, size);
        RunRecord record = RunIdentity.of(config, data, start, outlined.size(), own.map(OwnObjective::name));
        if (resume) {
            RunDirectory.requireSameRun(out, record);    // names each key and file that differs
            requireSameSize(out, outlined.size());
            RunIdentity.changes(Sections.RUN.read(Optional.of(out.resolve("config.yaml")), List.of()), config).forEach(LOG::info);
        }
        TrainingConfig bounded = outlined.training();
        StartBaseline.check(objective.startValues(), start);
        StartBaseline baseline = new StartBaseline(objective.startValues(), start, outlined.size(), outlined.examples(), bounded, record);
        Map<String, ValidationSource> validation = baseline.examples().validations(bounded.rows(), bounded.maxEvalSamples(),
                config.section(GenerationConfig.class).seed());
        Optional<TextsWhileTraining> texts = TextsWhileTraining.of(config, tokenizer);
        StepSource steps = data.steps(baseline.examples(), bounded.rows());
        objective.requireArrival(bounded.totalSteps(steps.stepsPerEpoch()), training.maxSteps() > 0 ? "training.max_steps"
                : "training.num_train_epochs " + training.numTrainEpochs());
        long free = HostMemory.available();
        if (own.isEmpty()) {
            outlined.memory().requireFits(free, bounded.gradientCheckpointing());
        }
        settled.notes().forEach(LOG::info);
        if (own.isEmpty()) {
            objective.warning(start instanceof Start.Weights).ifPresent(LOG::warn);
            progress.planned(outlined.memory());
        }
        steps.seen(bounded.totalSteps(steps.stepsPerEpoch())).forEach(LOG::info);
        warnOfShortContext(training, outlined.size(), outlined.examples().train());
        Optional<AdapterBase> known = base.map(AdapterBase::of);
        if (resume && known.isPresent()) {
            adapters(out).forEach(known.get()::require);
        }
        baseline.prepare(out, steps, bounded.totalSteps(steps.stepsPerEpoch()), validation, resume, preparing, stop);
        try (baseline; LanguageModel model = model(start, outlined.size(), config);
                Objective minimised = own.map(OwnObjective::maker).orElse(OwnObjective.OF_CONFIGURATION)
                        .make(model.graph(), objective, bounded.gradientCheckpointing())) {
            if (own.isPresent()) {    // what it needs is known when it is made
                TrainingMemory memory = outlined.with(minimised).memory();
                memory.requireFits(free, bounded.gradientCheckpointing());
                progress.planned(memory);
            }
            String yaml = config.effectiveYaml();
            ModelCard card = ModelCard.of(outlined.size(), start, own.map(OwnObjective::name), minimised.describe(), config, data, steps,
                    out.resolve("metrics.jsonl"));
            TrainedFiles files = new TrainedFiles(model, kept(start, model.config(), data, known.isPresent()), tokenizer, yaml, known, training, card);
            RunDirectory run = new RunDirectory(out, yaml, record, files);
            Optional<EvalHook> writing = texts.map(asked -> asked.over(model, tokenizer, kept(start, model.config(), data, false)
                    .specialTokens(model.config().vocabSize()), run.samples()));
            Evaluations evaluations = new Evaluations(config.section(EvaluationConfig.class).whileTraining(), validation, writing);
            Trainer trainer = new Trainer(bounded, minimised, steps, evaluations, run, progress);
            profile.ifPresent(trainer::profile);
            trainer.stopWhen(stop);
            return resume ? trainer.resume() : trainer.train();
        }
    }

    private static LanguageModel model(Start start, ModelConfig size, ConfigFile config) {
        TuningConfig tuning = config.section(TuningConfig.class);
        long seed = config.section(TrainingConfig.class).seed();
        return start instanceof Start.Weights weights ? ModelDirectory.open(weights.path(), tuning, seed).model()
                : LanguageModel.create(size, seed, Lowering.best(), tuning);
    }

    /** What stands beside the weights, now and at the end: of the model that the run starts from, as it is, but for what training makes another. */
    private static KeptFiles kept(Start start, ModelConfig size, PreparedData data, boolean adapters) {
        int endId = data.train().manifest().eosId();
        if (!(start instanceof Start.Weights weights)) {
            Optional<Path> config = start instanceof Start.Sized sized ? Optional.of(sized.path()) : Optional.empty();
            return ModelDirectory.files(size, config, data.tokenizer(), endId);
        }
        Path directory = ModelDirectory.find(weights.path());
        KeptFiles kept = KeptFiles.of(directory).withoutCard().endingWith(endId);
        if (!kept.hasTokenizer(data.train().manifest().tokenizerSha256())) {
            kept = kept.withoutTokenizer();
        }
        return adapters ? kept.withoutConfig() : kept.with(AdapterConfig.isIn(directory) ? ModelDirectory.base(directory) : directory, size);
    }

    /** @param decided keys that stay as they are though they were not stated */
    private static StartDefaults settled(ConfigFile userConfig, PreparedData data, Start start, Set<String> decided) {
        ConfigFile config = data.withSectionsOfPreparation(userConfig);
        return StartDefaults.of(config, start, start.size(config.section(Gpt2Config.class)), decided);
    }

    /** Said once, where it makes a difference: the default of max_length is longer than many a small model's context. */
    private static void warnOfShortContext(TrainingConfig training, ModelConfig model, ExampleSource examples) {
        int context = model.contextLength();
        if (training.maxLength() > context
                && (training.packing() || LongStream.range(0, examples.size()).anyMatch(i -> examples.length(i) > context))) {
            LOG.warn("training.max_length is {}, the model's context holds {} ({}): rows have at most that many tokens, and longer examples are cut",
                    training.maxLength(), context, model.contextKey());
        }
    }

    /**
     * The directory of the model that adapters are trained on, where they alone train.
     *
     * @throws UserError if there is none that a reader of the adapters will find
     */
    private static Optional<Path> base(TuningConfig tuning, Start start) {
        if (!tuning.usePeft()) {
            return Optional.empty();
        }
        if (!(start instanceof Start.Weights weights)) {
            throw new UserError("tuning.use_peft is true without --model: adapters are saved without the model they belong to, and one of fresh weights "
                    + "would be lost. Train and save a model first (softq train --out RUN), then give it: --model RUN. To resume, give the --model of the "
                    + "run again.");
        }
        Path directory = ModelDirectory.find(weights.path());
        if (AdapterConfig.isIn(directory)) {
            throw new UserError("--model " + directory + " is an adapter; adapters are trained on a model that is saved whole. Merge it first: "
                    + "softq merge " + directory + " --out DIR, then --model DIR.");
        }
        return Optional.of(directory.toAbsolutePath().normalize());
    }

    /** Refuses to go on with a model that computes something else. */
    private static void requireSameSize(Path run, ModelConfig size) {
        for (Path checkpoint : Checkpoint.newestFirst(run)) {
            if (Files.exists(checkpoint.resolve("config.json")) && !ModelConfig.read(checkpoint).equals(size)) {
                throw new UserError(checkpoint.resolve("config.json") + " describes another model than this command does. A resumed run continues bit for "
                        + "bit: give the --model or --config-name with which it began, or start a new run in another directory.");
            }
        }
    }

    /** Refuses to go on with adapters on another model; its weights are compared when all that is cheaper is right. */
    private static void requireSamePath(Path run, Path base) {
        for (Path checkpoint : adapters(run)) {
            String before = AdapterConfig.read(checkpoint).base().orElse("");
            if (!before.equals(base.toString())) {
                throw new UserError(checkpoint + " holds adapters of the model " + before + ", --model is " + base + ". A resumed run continues "
                        + "bit for bit, so it needs the same: give --model " + before + ", or start a new run in another directory.");
            }
        }
    }

    private static List<Path> adapters(Path run) {
        return Checkpoint.newestFirst(run).stream().filter(AdapterConfig::isIn).toList();
    }

    /** {@link #explain(ConfigFile, PreparedData, Start, Optional)} of a run with the objective of the configuration. */
    static String explain(ConfigFile userConfig, PreparedData data, Start start) {
        return explain(userConfig, data, start, Optional.empty());
    }

    /** What a step of such a run would run and cost, as text. Nothing of that size is allocated, but for an objective of an application's own. */
    static String explain(ConfigFile userConfig, PreparedData data, Start start, Optional<OwnObjective> own) {
        ConfigFile config = settled(userConfig, data, start, Set.of()).config();
        base(config.section(TuningConfig.class), start);
        ModelConfig size = start.size(config.section(Gpt2Config.class), data.tokenizer());
        LeastMemory.requirePossible(size, config.section(TuningConfig.class), config.section(TrainingConfig.class).optimizer());
        Outlined outlined = outline(config, data, size);
        if (own.isEmpty()) {
            return outlined.text();
        }
        LeastMemory.requireFits(size, config.section(TuningConfig.class), config.section(TrainingConfig.class).optimizer(), HostMemory.available());
        try (LanguageModel model = model(start, size, config); Objective objective = own.get().maker().make(model.graph(),
                config.section(ObjectiveSettings.class), outlined.training().gradientCheckpointing())) {
            return outlined.with(objective).text();
        }
    }

    /**
     * A run before anything of its size is allocated.
     *
     * @param size     of the model
     * @param training with rows no longer than the model's context
     * @param examples as the model reads them
     * @param largest  a batch of the longest rows
     * @param plan     of a training step on it, with the objective of the configuration
     * @param memory   that the run needs with that objective
     */
    private record Outlined(ModelConfig size, TrainingConfig training, TrainingData examples, BatchShape largest, PlanReport plan,
                            TrainingMemory memory) {

        /** The same with another objective, if that one says what it costs. */
        Outlined with(Objective objective) {
            return objective.costs(largest).map(own -> new Outlined(size, training, examples, largest, own,
                    memory.withActivations(own.arenaBytes() + own.inputBytes()))).orElse(this);
        }

        String text() {
            return plan.text() + System.lineSeparator() + "memory: " + memory;
        }
    }

    private static Outlined outline(ConfigFile config, PreparedData data, ModelConfig size) {
        TrainingConfig given = config.section(TrainingConfig.class);
        TrainingConfig training = given.with(c -> c.maxLength(Math.min(given.maxLength(), size.contextLength())));
        TrainingData examples = data.trainingData().with(size.encoderDecoder()).within(given.maxLength());
        BatchShape largest = examples.collator(training.rows()).largest(training.perDeviceTrainBatchSize(), examples.train());
        ModelGraph graph = LanguageModel.outline(size, Lowering.best(), config.section(TuningConfig.class));
        PlanReport plan;
        try (Objective objective = config.section(ObjectiveSettings.class).over(graph, training.gradientCheckpointing())) {
            plan = objective.costs(largest).orElseThrow();
        }
        return new Outlined(size, training, examples, largest, plan, TrainingMemory.of(graph.parameterCount(), graph.trainableCount(),
                training.optimizer(), plan.arenaBytes() + plan.inputBytes(), largest.rows(), largest.length()));
    }
}
