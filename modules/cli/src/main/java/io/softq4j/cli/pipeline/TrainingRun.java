package io.softq4j.cli.pipeline;

import io.softq4j.cli.config.ConfigFile;
import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.PlanReport;
import io.softq4j.graph.Profile;
import io.softq4j.graph.backend.HostMemory;
import io.softq4j.model.Gpt2;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.LanguageModel;
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
        Gpt2Config planned = start.map(path -> LanguageModel.config(ModelDirectory.find(path))).orElseGet(() -> sized(size, tokenizer));
        TrainingConfig bounded = training.withMaxLength(Math.min(training.maxLength(), planned.nPositions()));
        TrainingMemory memory = memory(planned, objective, bounded, data.trainingData());
        memory.requireFits(HostMemory.available(), bounded.gradientCheckpointing());
        progress.planned(memory);
        try (LanguageModel model = start.isPresent() ? existing(start.get(), tokenizer) : LanguageModel.create(planned, training.seed(), Lowering.best());
                SoftQ softQ = new SoftQ(model.graph(), objective, bounded.gradientCheckpointing())) {
            String yaml = config.effectiveYaml();
            RunDirectory run = new RunDirectory(out, yaml, directory -> ModelDirectory.writeFiles(directory, model, tokenizer, yaml));
            Trainer trainer = new Trainer(bounded, softQ, data.trainingData(), objective::lambdaAt, run, progress);
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

    /** What training will need, from an outline of the model: nothing of that size is allocated. */
    private static TrainingMemory memory(Gpt2Config size, SoftQConfig objective, TrainingConfig training, TrainingData data) {
        int rows = training.perDeviceTrainBatchSize();
        int length = new Collator(data.eosId(), training.maxLength(), training.bucketMultiple(), training.packing()).longestRow(data.train());
        PlanReport plan = SoftQ.explain(Gpt2.outline(size, Lowering.best()), objective, training.gradientCheckpointing(), rows, length);
        return TrainingMemory.of(size.parameters(), plan.arenaBytes() + plan.inputBytes(), rows, length);
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
