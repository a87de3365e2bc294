package io.softq4j.cli.pipeline;

import io.softq4j.cli.config.ConfigFile;
import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.PlanReport;
import io.softq4j.graph.Profile;
import io.softq4j.graph.backend.HostMemory;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.ModelConfig;
import io.softq4j.objective.BatchShape;
import io.softq4j.objective.SoftQ;
import io.softq4j.objective.SoftQConfig;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.training.ProgressListener;
import io.softq4j.training.RunDirectory;
import io.softq4j.training.Trainer;
import io.softq4j.training.TrainingConfig;
import io.softq4j.training.TrainingData;
import io.softq4j.training.TrainingMemory;
import io.softq4j.training.TrainingResult;
import java.nio.file.Path;
import java.util.Optional;

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
        Gpt2Config size = config.section(Gpt2Config.class);
        if (!resume) {
            RunDirectory.requireNone(out);
        }
        ModelConfig planned = size(start, size, tokenizer);
        TrainingConfig bounded = training.withMaxLength(Math.min(training.maxLength(), planned.contextLength()));
        TrainingData examples = data.trainingData().with(planned.decoderStartId());
        TrainingMemory memory = memory(planned, bounded, examples, plan(planned, objective, bounded, examples));
        memory.requireFits(HostMemory.available(), bounded.gradientCheckpointing());
        progress.planned(memory);
        try (LanguageModel model = start.isPresent() ? existing(start.get(), tokenizer) : LanguageModel.create(planned, training.seed(), Lowering.best());
                SoftQ softQ = new SoftQ(model.graph(), objective, bounded.gradientCheckpointing())) {
            String yaml = config.effectiveYaml();
            RunDirectory run = new RunDirectory(out, yaml, directory -> ModelDirectory.writeFiles(directory, model, tokenizer, data.train().manifest().eosId(), yaml));
            Trainer trainer = new Trainer(bounded, softQ, examples, objective::lambdaAt, run, progress);
            profile.ifPresent(trainer::profile);
            return resume ? trainer.resume() : trainer.train();
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
        TrainingConfig training = config.section(TrainingConfig.class);
        ModelConfig size = size(start, config.section(Gpt2Config.class), data.tokenizer());
        TrainingConfig bounded = training.withMaxLength(Math.min(training.maxLength(), size.contextLength()));
        TrainingData examples = data.trainingData().with(size.decoderStartId());
        PlanReport plan = plan(size, config.section(SoftQConfig.class), bounded, examples);
        return plan.text() + System.lineSeparator() + "memory: " + memory(size, bounded, examples, plan);
    }

    private static ModelConfig size(Optional<Path> start, Gpt2Config fresh, Tokenizer tokenizer) {
        return start.map(path -> ModelConfig.read(ModelDirectory.find(path))).orElseGet(() -> sized(fresh, tokenizer));
    }

    /** A training step on a batch of the longest rows, from an outline of the model. */
    private static PlanReport plan(ModelConfig size, SoftQConfig objective, TrainingConfig training, TrainingData data) {
        return SoftQ.explain(LanguageModel.outline(size, Lowering.best()), objective, training.gradientCheckpointing(), largest(training, data));
    }

    private static BatchShape largest(TrainingConfig training, TrainingData data) {
        return data.collator(training).largest(training.perDeviceTrainBatchSize(), data.train());
    }

    private static TrainingMemory memory(ModelConfig size, TrainingConfig training, TrainingData data, PlanReport plan) {
        return TrainingMemory.of(size.parameters(), plan.arenaBytes() + plan.inputBytes(), training.perDeviceTrainBatchSize(),
                largest(training, data).length());
    }

    private static LanguageModel existing(Path path, Tokenizer tokenizer) {
        ModelDirectory start = ModelDirectory.open(path);
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
