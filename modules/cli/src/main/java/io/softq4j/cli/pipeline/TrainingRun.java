package io.softq4j.cli.pipeline;

import io.softq4j.cli.config.ConfigFile;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.PlanReport;
import io.softq4j.graph.Profile;
import io.softq4j.graph.backend.HostMemory;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.ModelConfig;
import io.softq4j.objective.SoftQ;
import io.softq4j.objective.SoftQConfig;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.training.Collator;
import io.softq4j.training.ExampleSource;
import io.softq4j.training.ProgressListener;
import io.softq4j.training.RunDirectory;
import io.softq4j.training.Trainer;
import io.softq4j.training.TrainingConfig;
import io.softq4j.training.TrainingData;
import io.softq4j.training.TrainingMemory;
import io.softq4j.training.TrainingResult;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One training run, from prepared data to a model directory. */
public final class TrainingRun {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

    private TrainingRun() {
    }

    /** Trains, without a profile. */
    public static TrainingResult train(ConfigFile userConfig, PreparedData data, Path out, Optional<Path> start, boolean resume,
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
    public static TrainingResult train(ConfigFile userConfig, PreparedData data, Path out, Start start, boolean resume,
                                       ProgressListener progress, Optional<Profile> profile) {
        ConfigFile config = data.withSectionsOfPreparation(userConfig);
        Tokenizer tokenizer = data.tokenizer();
        TrainingConfig training = config.section(TrainingConfig.class);
        SoftQConfig objective = config.section(SoftQConfig.class);
        if (!resume) {
            RunDirectory.requireNone(out);
        }
        ModelConfig planned = start.size(config.section(Gpt2Config.class), tokenizer);
        TrainingConfig bounded = training.withMaxLength(Math.min(training.maxLength(), planned.contextLength()));
        TrainingMemory memory = memory(planned, bounded, data.trainingData(), plan(planned, objective, bounded, data.trainingData()));
        memory.requireFits(HostMemory.available(), bounded.gradientCheckpointing());
        progress.planned(memory);
        warnOfShortContext(training, planned, data.trainingData().train());
        try (LanguageModel model = start instanceof Start.Weights weights ? LanguageModel.load(ModelDirectory.find(weights.path()), Lowering.best())
                : LanguageModel.create(planned, training.seed(), Lowering.best());
                SoftQ softQ = new SoftQ(model.graph(), objective, bounded.gradientCheckpointing())) {
            String yaml = config.effectiveYaml();
            ModelCard card = ModelCard.of(planned, start, config, data, out.resolve("metrics.jsonl"));
            RunDirectory run = new RunDirectory(out, yaml, new ModelWriter(model, tokenizer, data.train().manifest().eosId(), yaml, training, card));
            Trainer trainer = new Trainer(bounded, softQ, data.trainingData(), objective::lambdaAt, run, progress);
            profile.ifPresent(trainer::profile);
            return resume ? trainer.resume() : trainer.train();
        }
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

    /** What a step of such a run would run and cost, as text; nothing of that size is allocated. */
    public static String explain(ConfigFile userConfig, PreparedData data, Start start) {
        ConfigFile config = data.withSectionsOfPreparation(userConfig);
        TrainingConfig training = config.section(TrainingConfig.class);
        ModelConfig size = start.size(config.section(Gpt2Config.class), data.tokenizer());
        TrainingConfig bounded = training.withMaxLength(Math.min(training.maxLength(), size.contextLength()));
        PlanReport plan = plan(size, config.section(SoftQConfig.class), bounded, data.trainingData());
        return plan.text() + System.lineSeparator() + "memory: " + memory(size, bounded, data.trainingData(), plan);
    }

    /** A training step on a batch of the longest rows, from an outline of the model. */
    private static PlanReport plan(ModelConfig size, SoftQConfig objective, TrainingConfig training, TrainingData data) {
        return SoftQ.explain(LanguageModel.outline(size, Lowering.best()), objective, training.gradientCheckpointing(), training.perDeviceTrainBatchSize(),
                longestRow(training, data));
    }

    private static int longestRow(TrainingConfig training, TrainingData data) {
        return new Collator(data.eosId(), training.maxLength(), training.bucketMultiple(), training.packing()).longestRow(data.train());
    }

    private static TrainingMemory memory(ModelConfig size, TrainingConfig training, TrainingData data, PlanReport plan) {
        return TrainingMemory.of(size.parameters(), plan.arenaBytes() + plan.inputBytes(), training.perDeviceTrainBatchSize(),
                longestRow(training, data));
    }
}
