package io.softq4j.cli.pipeline;

import io.softq4j.cli.config.ConfigFile;
import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.PlanReport;
import io.softq4j.graph.Profile;
import io.softq4j.graph.backend.HostMemory;
import io.softq4j.model.AdapterConfig;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.ModelGraph;
import io.softq4j.model.TuningConfig;
import io.softq4j.objective.SoftQ;
import io.softq4j.objective.SoftQConfig;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.training.Collator;
import io.softq4j.training.ProgressListener;
import io.softq4j.training.RunDirectory;
import io.softq4j.training.Trainer;
import io.softq4j.training.TrainingConfig;
import io.softq4j.training.TrainingData;
import io.softq4j.training.TrainingMemory;
import io.softq4j.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** One training run, from prepared data to a model directory. */
public final class TrainingRun {

    private TrainingRun() {
    }

    /** Trains, without a profile. */
    public static TrainingResult train(ConfigFile userConfig, PreparedData data, Path out, Optional<Path> start, boolean resume,
                                       ProgressListener progress) {
        return train(userConfig, data, out, start, resume, progress, Optional.empty());
    }

    /**
     * Trains.
     *
     * @param out    the run directory
     * @param start  a model to start from; fresh weights from {@code training.seed} where there is none
     * @param resume true to go on with the run in {@code out}
     * @param profile what the time of every op is added to
     */
    public static TrainingResult train(ConfigFile userConfig, PreparedData data, Path out, Optional<Path> start, boolean resume,
                                       ProgressListener progress, Optional<Profile> profile) {
        ConfigFile config = data.withSectionsOfPreparation(userConfig);
        Tokenizer tokenizer = data.tokenizer();
        TrainingConfig training = config.section(TrainingConfig.class);
        SoftQConfig objective = config.section(SoftQConfig.class);
        TuningConfig tuning = config.section(TuningConfig.class);
        if (!resume) {
            RunDirectory.requireNone(out);
        }
        Optional<Path> base = base(tuning, start);
        if (resume && base.isPresent()) {
            requireSameBase(out, base.get());
        }
        Outlined outlined = outline(config, data, start);
        TrainingConfig bounded = outlined.training();
        outlined.memory().requireFits(HostMemory.available(), bounded.gradientCheckpointing());
        progress.planned(outlined.memory());
        try (LanguageModel model = start.isPresent() ? existing(start.get(), tokenizer, tuning, training.seed())
                : LanguageModel.create(outlined.size(), training.seed(), Lowering.best(), tuning);
                SoftQ softQ = new SoftQ(model.graph(), objective, bounded.gradientCheckpointing())) {
            String yaml = config.effectiveYaml();
            TrainedFiles files = new TrainedFiles(model, tokenizer, data.train().manifest().eosId(), yaml, base);
            RunDirectory run = new RunDirectory(out, yaml, files);
            Trainer trainer = new Trainer(bounded, softQ, data.trainingData(), objective::lambdaAt, run, progress);
            profile.ifPresent(trainer::profile);
            return resume ? trainer.resume() : trainer.train();
        }
    }

    /**
     * The directory of the model that adapters are trained on, where they alone train.
     *
     * @throws UserError if there is none that a reader of the adapters will find
     */
    private static Optional<Path> base(TuningConfig tuning, Optional<Path> start) {
        if (!tuning.usePeft()) {
            return Optional.empty();
        }
        Path directory = ModelDirectory.find(start.orElseThrow(() -> new UserError("tuning.use_peft is true without --model: adapters are saved "
                + "without the model they belong to, and one of fresh weights would be lost. Train and save a model first (softq train --out RUN), "
                + "then give it: --model RUN. To resume, give the --model of the run again.")));
        if (AdapterConfig.isIn(directory)) {
            throw new UserError("--model " + directory + " is an adapter; adapters are trained on a model that is saved whole. Merge it first: "
                    + "softq merge " + directory + " --out DIR, then --model DIR.");
        }
        return Optional.of(directory.toAbsolutePath().normalize());
    }

    /** Refuses to go on with adapters on another model. */
    private static void requireSameBase(Path run, Path base) {
        try (Stream<Path> entries = Files.isDirectory(run) ? Files.list(run) : Stream.empty()) {
            for (Path checkpoint : entries.filter(AdapterConfig::isIn).sorted().toList()) {
                if (checkpoint.getFileName().toString().startsWith(".")) {
                    continue; // what a killed save left
                }
                String before = AdapterConfig.read(checkpoint).base().orElse("");
                if (!before.equals(base.toString())) {
                    throw new UserError(checkpoint + " holds adapters of the model " + before + ", --model is " + base + ". A resumed run continues "
                            + "bit for bit, so it needs the same: give --model " + before + ", or start a new run in another directory.");
                }
            }
        } catch (IOException e) {
            throw new UserError("cannot list " + run + ": " + e.getMessage() + ". Check its permissions.", e);
        }
    }

    /** With the vocabulary of the tokenizer, unless the configuration has its own. */
    private static Gpt2Config sized(Gpt2Config config, Tokenizer tokenizer) {
        int size = config.vocabSize() == 0 ? tokenizer.vocabularySize() : config.vocabSize();
        requireVocabulary(size, tokenizer, "model.vocab_size is " + size + " (0 means the tokenizer's)");
        return config.withVocabSize(size);
    }

    /** What a step of such a run would run and cost, as text; nothing of that size is allocated. */
    public static String explain(ConfigFile userConfig, PreparedData data, Optional<Path> start) {
        ConfigFile config = data.withSectionsOfPreparation(userConfig);
        base(config.section(TuningConfig.class), start);
        Outlined outlined = outline(config, data, start);
        return outlined.plan().text() + System.lineSeparator() + "memory: " + outlined.memory();
    }

    /**
     * A run before anything of its size is allocated.
     *
     * @param size     of the model
     * @param training with rows no longer than the model's context
     * @param plan     of a training step on a batch of the longest rows
     * @param memory   that the run needs
     */
    private record Outlined(ModelConfig size, TrainingConfig training, PlanReport plan, TrainingMemory memory) {
    }

    private static Outlined outline(ConfigFile config, PreparedData data, Optional<Path> start) {
        ModelConfig size = start.map(ModelDirectory::size).orElseGet(() -> sized(config.section(Gpt2Config.class), data.tokenizer()));
        TrainingConfig given = config.section(TrainingConfig.class);
        TrainingConfig training = given.withMaxLength(Math.min(given.maxLength(), size.contextLength()));
        TrainingData examples = data.trainingData();
        int rows = training.perDeviceTrainBatchSize();
        int longest = new Collator(examples.eosId(), training.maxLength(), training.bucketMultiple(), training.packing())
                .longestRow(examples.train());
        ModelGraph graph = LanguageModel.outline(size, Lowering.best(), config.section(TuningConfig.class));
        PlanReport plan = SoftQ.explain(graph, config.section(SoftQConfig.class), training.gradientCheckpointing(), rows, longest);
        return new Outlined(size, training, plan, TrainingMemory.of(graph.parameterCount(), graph.trainableCount(),
                plan.arenaBytes() + plan.inputBytes(), rows, longest));
    }

    private static LanguageModel existing(Path path, Tokenizer tokenizer, TuningConfig tuning, long seed) {
        ModelDirectory start = ModelDirectory.open(path, tuning, seed);
        requireVocabulary(start.model().config().vocabSize(), tokenizer, start.path() + " has vocab_size " + start.model().config().vocabSize());
        return start.model();
    }

    private static void requireVocabulary(int size, Tokenizer tokenizer, String what) {
        if (size < tokenizer.vocabularySize()) {
            throw new UserError(what + ", but the data were tokenised with ids up to " + (tokenizer.vocabularySize() - 1)
                    + ". Prepare the data with the model's own tokenizer: tokenizer.type: file, tokenizer.file: MODEL.");
        }
    }
}
