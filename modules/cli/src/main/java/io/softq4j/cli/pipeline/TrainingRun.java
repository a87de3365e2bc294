package io.softq4j.cli.pipeline;

import io.softq4j.cli.config.ConfigFile;
import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.LanguageModel;
import io.softq4j.objective.SoftQ;
import io.softq4j.objective.SoftQConfig;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.training.ProgressListener;
import io.softq4j.training.RunDirectory;
import io.softq4j.training.Trainer;
import io.softq4j.training.TrainingConfig;
import io.softq4j.training.TrainingResult;
import java.nio.file.Path;
import java.util.Optional;

/** One training run, from prepared data to a model directory. */
public final class TrainingRun {

    private TrainingRun() {
    }

    /**
     * Trains.
     *
     * @param out    the run directory
     * @param start  a model to start from; fresh weights from {@code training.seed} where there is none
     * @param resume true to go on with the run in {@code out}
     */
    public static TrainingResult train(ConfigFile userConfig, PreparedData data, Path out, Optional<Path> start, boolean resume,
                                       ProgressListener progress) {
        ConfigFile config = data.withSectionsOfPreparation(userConfig);
        Tokenizer tokenizer = data.tokenizer();
        TrainingConfig training = config.section(TrainingConfig.class);
        SoftQConfig objective = config.section(SoftQConfig.class);
        Gpt2Config size = config.section(Gpt2Config.class);
        try (LanguageModel model = start.isPresent() ? existing(start.get(), tokenizer) : fresh(size, tokenizer, training.seed());
                SoftQ softQ = new SoftQ(model.graph(), objective)) {
            String yaml = config.effectiveYaml();
            RunDirectory run = new RunDirectory(out, yaml, directory -> ModelDirectory.writeFiles(directory, model, tokenizer, yaml));
            TrainingConfig bounded = training.withMaxLength(Math.min(training.maxLength(), model.config().nPositions()));
            Trainer trainer = new Trainer(bounded, softQ, data.trainingData(), objective::lambdaAt, run, progress);
            return resume ? trainer.resume() : trainer.train();
        }
    }

    private static LanguageModel fresh(Gpt2Config config, Tokenizer tokenizer, long seed) {
        int size = config.vocabSize() == 0 ? tokenizer.vocabularySize() : config.vocabSize();
        requireVocabulary(size, tokenizer, "model.vocab_size is " + size + " (0 means the tokenizer's)");
        return LanguageModel.create(config.withVocabSize(size), seed, Lowering.best());
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
