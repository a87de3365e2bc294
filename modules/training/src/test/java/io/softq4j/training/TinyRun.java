package io.softq4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import io.softq4j.common.Sha256;
import io.softq4j.objective.Objective;
import io.softq4j.tokens.Example;
import io.softq4j.training.optim.LrSchedulerType;
import io.softq4j.training.rows.DataPlan;
import io.softq4j.training.rows.ExampleSource;
import io.softq4j.training.rows.TrainingData;
import io.softq4j.training.run.ModelFiles;
import io.softq4j.training.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** A run of a bigram model that takes milliseconds, for the tests of everything that surrounds a step. */
public final class TinyRun {

    static final int VOCABULARY = 10;
    static final int EOS = 9;
    public static final ModelFiles FILES = directory -> Files.writeString(directory.resolve("config.json"), "{\"model_type\":\"bigram\"}");

    private TinyRun() {
    }

    /**
     * Six epochs' worth of accidents in a few steps: warm-up, cosine, accumulation, a partial last step, saving off the logging beat. 14 examples are
     * 4 steps an epoch.
     */
    public static TrainingConfig config() {
        return TrainingConfig.defaults().with(c -> c.numTrainEpochs(2).perDeviceTrainBatchSize(2).gradientAccumulationSteps(2)
                .learningRate(0.05).weightDecay(0.1).adamBeta2(0.99).maxGradNorm(0.5).warmupSteps(2)
                .lrSchedulerType(LrSchedulerType.COSINE).seed(3).loggingSteps(2).saveSteps(3).maxLength(16).bucketMultiple(4)
                .maxEvalSamples(0));
    }

    /** The same in packed rows, of which there are 5: two steps an epoch, the last with one. */
    public static TrainingConfig packed() {
        return TrainingConfig.defaults().with(c -> c.numTrainEpochs(4).perDeviceTrainBatchSize(2).gradientAccumulationSteps(2)
                .learningRate(0.05).weightDecay(0.1).adamBeta2(0.99).maxGradNorm(0.5).warmupSteps(2)
                .lrSchedulerType(LrSchedulerType.COSINE).seed(3).loggingSteps(2).saveSteps(3).packing(true).maxLength(20).bucketMultiple(4)
                .maxEvalSamples(0));
    }

    public static ExampleSource examples(int n, int seed) {
        Random random = new Random(seed);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int length = 3 + random.nextInt(8);
            int[] ids = random.ints(length, 0, EOS).toArray();
            boolean[] response = new boolean[length];
            for (int k = 2; k < length; k++) {
                response[k] = true;
            }
            if (i % 4 != 0) {
                ids[length - 1] = EOS;
            }
            examples.add(new Example(ids, response));
        }
        return ExampleSource.of(examples);
    }

    static Trainer trainer(TrainingConfig config, BigramModel model, Path directory, ProgressListener progress) {
        TrainingData data = new TrainingData(examples(14, 1), Optional.of(examples(5, 2)), EOS);
        return trainer(config, model, data, new RunDirectory(directory, "a: 1\n", FILES), progress);
    }

    static Trainer trainer(TrainingConfig config, Objective model, TrainingData data, RunDirectory run,
                           ProgressListener progress) {
        return new Trainer(config, model, DataPlan.of(data, config.rows()), data.validation(config.rows(), config.maxEvalSamples()), run,
                progress);
    }

    static Trainer trainer(BigramModel model, Path directory, ProgressListener progress) {
        return trainer(config(), model, directory, progress);
    }

    /** A listener that does {@code action} after update {@code step}. */
    static ProgressListener at(long step, Runnable action) {
        return new ProgressListener() {
            @Override
            public void step(StepMetrics metrics) {
                if (metrics.step() == step) {
                    action.run();
                }
            }
        };
    }

    /** Every file of a run directory as text, without what comes from the clock. */
    static TreeMap<String, String> contents(Path directory) throws IOException {
        TreeMap<String, String> contents = new TreeMap<>();
        try (var walk = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) walk.filter(Files::isRegularFile)::iterator) {
                String name = directory.relativize(file).toString();
                contents.put(name, name.equals("metrics.jsonl") ? withoutClock(Files.readString(file)) : Sha256.of(file));
            }
        }
        return contents;
    }

    private static String withoutClock(String lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line : lines.split("\n")) {
            ObjectNode json = (ObjectNode) Json.STRICT.readTree(line);
            json.remove(List.of("tokens_per_second", "elapsed", "eval_runtime", "eval_samples_per_second"));
            text.append(json).append('\n');
        }
        return text.toString();
    }

    static void assertSame(Path expected, Path seen, String when) throws IOException {
        TreeMap<String, String> want = contents(expected);
        TreeMap<String, String> have = contents(seen);
        assertEquals(want.keySet(), have.keySet(), when);
        for (String name : want.keySet()) {
            assertEquals(want.get(name), have.get(name), when + ": " + name);
        }
    }
}
