package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.plan.SameDiffParameters;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.T5Config;
import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.Tensor;
import io.softq4j.objective.Batch;
import io.softq4j.objective.softq.StateValues;
import io.softq4j.tokens.Example;
import io.softq4j.training.ProgressListener;
import io.softq4j.training.StepMetrics;
import io.softq4j.training.TrainingResult;
import io.softq4j.training.rows.Collator;
import io.softq4j.training.run.BaselineFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs whose objective takes the values of the model that they start from from their logits. */
class StartBaselineTest {

    private static final String LORA = "tuning={use_peft: true, lora_r: 2, lora_target_modules: [c_attn, mlp.c_proj], lora_dropout: 0.2}";
    private static final String PACKED = "training={packing: true, max_length: 40, per_device_train_batch_size: 1}";

    @TempDir
    private Path directory;
    private Path base;
    private PreparedData data;

    @BeforeEach
    void trainTheBase() throws IOException {
        forget();
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            rows.append("{\"prompt\": \"say ").append("abcd".charAt(i % 4)).append(i).append(":\", \"response\": \" ")
                    .append("abcd".substring(i % 4).repeat(1 + i % 3)).append("\"}\n");
        }
        Path corpus = Files.writeString(directory.resolve("c.jsonl"), rows);
        PreparedData.prepare(config("data.train=" + corpus, "data.validation=" + corpus), Output.at(directory.resolve("data")),
                WorkListener.NONE);
        data = PreparedData.open(directory.resolve("data"));
        base = directory.resolve("base");
        TrainingRun.train(config("training.max_steps=10", "objective.lambda=0"), data, base, Optional.empty(), false,
                ProgressListener.NONE);
    }

    private static ConfigFile config(String... more) {
        List<String> settings = new ArrayList<>(List.of("data.max_length=40", "tokenizer.vocab_size=262", "objective.lambda=0.1",
                "model={n_positions: 40, n_embd: 8, n_layer: 2, n_head: 2, initializer_range: 0.3}",
                "training={max_steps: 6, save_steps: 2, logging_steps: 1, save_total_limit: 0, per_device_train_batch_size: 4, "
                        + "learning_rate: 1e-2, "
                        + "bucket_multiple: 4}"));
        settings.addAll(List.of(more));
        return Sections.RUN.read(Optional.empty(), settings);
    }

    private TrainingResult train(String run, boolean resume, ProgressListener progress, String... more) {
        return TrainingRun.train(config(more), data, directory.resolve(run), Optional.of(base), resume, progress);
    }

    /** What earlier tests left in the cache. */
    private static void forget() throws IOException {
        AtomicFiles.delete(PreparedData.cache().resolve("baselines"));
    }

    private static ProgressListener killedAt(long step) {
        return new ProgressListener() {
            @Override
            public void step(StepMetrics metrics) {
                if (metrics.step() == step) {
                    throw new IllegalStateException("killed");
                }
            }
        };
    }

    private void assertSame(String a, String b, String... files) throws IOException {
        for (String file : files) {
            assertArrayEquals(Files.readAllBytes(directory.resolve(a).resolve(file)), Files.readAllBytes(directory.resolve(b)
                    .resolve(file)), file);
        }
    }

    private static double mean(TrainingResult result, String name) {
        return result.lastStep().orElseThrow().figures().value(name);
    }

    /** The values of the file are those of the model at each row that is scored, and V of Q - b begins as 0. */
    @ParameterizedTest
    @ValueSource(strings = {"tuning={}", LORA, PACKED})
    void theBaselineIsTheValueOfEachRowUnderTheModelThatTheRunStartsFrom(String setting) {
        TrainingResult first = train("run", false, ProgressListener.NONE, setting, "training.max_steps=1", "training.learning_rate=1e-9");
        assertEquals(0, mean(first, "v0"), 1e-4);
        assertEquals(0, first.lastEval().orElseThrow().figures().value("v0"), 1e-3);
        TrainingResult none = train("none", false, ProgressListener.NONE, setting, "training.max_steps=1", "training.learning_rate=1e-9",
                "objective.baseline=none");
        assertEquals(mean(none, "nll"), mean(first, "nll"), 1e-6);
        assertTrue(Math.abs(mean(none, "v0")) > 1, "the base model has a level: " + mean(none, "v0"));
        try (ModelDirectory model = ModelDirectory.open(base); StateValues values = new StateValues(model.model().graph(), 1);
                BaselineFiles files = BaselineFiles.open(directory.resolve("run/baseline"))) {
            Collator collator = new Collator(data.train().manifest().eosId(), 40, 4, false);
            int known = 0;
            for (int i = 0; i < data.train().size(); i++) {
                Example example = data.train().get(i);
                float[] b = files.get("train", i);
                assertEquals(b.length > 0, files.has("train", i));
                if (b.length > 0) {
                    known++;
                    Batch batch = collator.collate(List.of(List.of(example)));
                    float[] v = values.of(batch);
                    assertEquals(collator.kept(example), b.length);
                    for (int t = 0; t < b.length; t++) {
                        assertEquals(batch.nllMask()[t] == 0 ? b[t] : v[t], b[t], 1e-4);
                    }
                }
            }
            int rows = setting.equals(PACKED) ? 1 : 4;
            assertTrue(known >= rows && known < 24, "only the examples of the first step were computed: " + known);
        }
    }

    /**
     * The file is read, whatever the weights are by then: with it deleted, it is computed again from the model that the run started from.
     */
    @ParameterizedTest
    @ValueSource(strings = {"tuning={}", LORA, PACKED, "training.gradient_accumulation_steps=2", "training.max_length=9",
            "objective.baseline=constant",
            "objective={gamma: 0.9, tau: 0.7, stop_gradient: true}"})
    void aRunThatWasKilledEndsWithTheSameBits(String setting) throws IOException {
        train("whole", false, ProgressListener.NONE, setting);
        for (String run : List.of("killed", "lost")) {
            assertThrows(IllegalStateException.class, () -> train(run, false, killedAt(3), setting));
            if (run.equals("lost")) {
                AtomicFiles.delete(directory.resolve(run).resolve("baseline"));
                forget();
            }
            train(run, true, ProgressListener.NONE, setting);
            String weights = setting.equals(LORA) ? "model/adapter_model.safetensors" : "model/model.safetensors";
            assertSame("whole", run, weights, "checkpoint-6/optimizer.safetensors", "run.json");
            assertSame("whole", run, setting.contains("constant") ? "baseline/baseline.json" : "baseline/train.values");
        }
    }

    @Test
    void aRunThatGoesOnForLongerComputesWhatIsMissing() throws IOException {
        train("run", false, ProgressListener.NONE, "training.max_steps=2");
        long before = Files.size(directory.resolve("run/baseline/train.values"));
        train("run", true, ProgressListener.NONE, "training.max_steps=6");
        assertTrue(Files.size(directory.resolve("run/baseline/train.values")) > before);
        train("whole", false, ProgressListener.NONE);
        try (BaselineFiles longer = BaselineFiles.open(directory.resolve("run/baseline"));
                BaselineFiles whole = BaselineFiles.open(directory.resolve("whole/baseline"))) {
            for (int i = 0; i < data.train().size(); i++) {
                assertArrayEquals(whole.get("train", i), longer.get("train", i), 1e-4f);
            }
        }
    }

    @Test
    void packedOrNotAnEpochHasTheSameFiguresAtTheStart() {
        TrainingResult one = train("one", false, ProgressListener.NONE,
                "training={max_steps: 1, per_device_train_batch_size: 24, learning_rate: 1e-9}");
        TrainingResult packed = train("packed", false, ProgressListener.NONE,
                "training={max_steps: 1, per_device_train_batch_size: 24, learning_rate: 1e-9, packing: true, max_length: 40}");
        for (String figure : List.of("nll", "td", "entropy")) {
            assertEquals(mean(one, figure), mean(packed, figure), 1e-4, figure);
        }
        assertEquals(one.lastEval().orElseThrow().figures().value("td"), packed.lastEval().orElseThrow().figures().value("td"), 1e-4);
    }

    @Test
    void aSecondRunOfTheSameModelAndDataFindsIt() throws IOException {
        train("a", false, ProgressListener.NONE);
        List<String> works = new ArrayList<>();
        WorkListener heard = (name, total, unit) -> {
            works.add(name);
            return WorkListener.NONE.begin(name, total, unit);
        };
        TrainingRun.train(config("objective.lambda=0.3"), data, directory.resolve("b"), new Start.Weights(base), false,
                ProgressListener.NONE, Optional.empty(),
                () -> false, Optional.empty(), heard);
        assertEquals(List.of(), works);
        assertSame("a", "b", "baseline/train.values", "baseline/validation.values", "baseline/manifest.json");
        TrainingRun.train(config("objective.tau=0.9"), data, directory.resolve("c"), new Start.Weights(base), false,
                ProgressListener.NONE, Optional.empty(),
                () -> false, Optional.empty(), heard);
        assertEquals(List.of("baseline"), works);
    }

    @Test
    void severalStoresOfOneRunHaveTheirOwnNumbers() throws IOException {
        PreparedData.prepare(config("data.train=" + directory.resolve("c.jsonl"), "tokenizer={type: file, file: " + directory.resolve(
                "data/train/tokenizer.json") + "}", "data.filter={min_length: 9}"), Output.at(directory.resolve("other")),
                        WorkListener.NONE);
        ConfigFile config = config("training.max_steps=5", "training.learning_rate=1e-9");
        PreparedData both = PreparedData.open(List.of(new StorePath(directory.resolve("data"), 1),
                new StorePath(directory.resolve("other"), 2)), config);
        TrainingResult result = TrainingRun.train(config, both, directory.resolve("run"), Optional.of(base), false, ProgressListener.NONE);
        assertEquals(0, mean(result, "v0"), 1e-3);
    }

    /** Prompts are read by the encoder, rows are the decoder's. */
    @Test
    void aModelOfEncoderAndDecoderHasOneOfItsDecodersRows() throws IOException {
        T5Config size = T5Config.defaults().with(c -> c.vocabSize(data.tokenizer().vocabularySize()).dModel(16).dKv(8).dFf(24)
                .numLayers(1).numDecoderLayers(2)
                .numHeads(2).relativeAttentionNumBuckets(8).relativeAttentionMaxDistance(16).padTokenId(3).eosTokenId(4)
                        .decoderStartTokenId(5));
        Path t5 = Files.createDirectory(directory.resolve("t5"));
        try (LanguageModel fresh = LanguageModel.create(size, 1, Lowering.best());
                SameDiffParameters parameters = new SameDiffParameters(fresh.graph().graph(), fresh.graph().parameters())) {
            fresh.writeConfig(t5, data.tokenizer().eosId(), data.tokenizer().eosId());
            Safetensors.write(t5.resolve("model.safetensors"),
                    parameters.slots().stream().map(slot -> new Tensor(slot.name(), slot.shape(), slot.values())).toList());
        }
        data.tokenizer().save(t5);
        base = t5;
        TrainingResult first = train("first", false, ProgressListener.NONE, "training.max_steps=1", "training.learning_rate=1e-9");
        assertEquals(0, mean(first, "v0"), 1e-4);
        train("whole", false, ProgressListener.NONE);
        assertThrows(IllegalStateException.class, () -> train("killed", false, killedAt(3)));
        train("killed", true, ProgressListener.NONE);
        assertSame("whole", "killed", "model/model.safetensors");
    }

    @Test
    void freshWeightsHaveNoModelToTakeItFrom() {
        for (String baseline : List.of("base_model", "constant")) {
            String message = assertThrows(UserError.class, () -> TrainingRun.train(config("objective.baseline=" + baseline), data,
                    directory.resolve("run"),
                    Optional.empty(), false, ProgressListener.NONE)).getMessage();
            assertTrue(message.startsWith("objective.baseline is " + baseline + ", which is taken from the model that a run starts from"),
                    message);
            assertFalse(Files.exists(directory.resolve("run")));
        }
    }

    @Test
    void aDamagedOrForeignBaselineIsNamed() throws IOException {
        assertThrows(IllegalStateException.class, () -> train("run", false, killedAt(3)));
        Path values = directory.resolve("run/baseline/train.values");
        byte[] bytes = Files.readAllBytes(values);
        bytes[5] ^= 1;
        Files.delete(values);    // the cache has the same file
        Files.write(values, bytes);
        String message = assertThrows(UserError.class, () -> train("run", true, ProgressListener.NONE)).getMessage();
        assertTrue(message.startsWith("the baseline in " + directory.resolve("run/baseline")
                + " is damaged: train.values: its sha256 is "), message);
        assertTrue(message.endsWith("Delete the directory: it is computed again from the model that the run started from."), message);
        AtomicFiles.delete(directory.resolve("run/baseline"));
        BaselineFiles.write(directory.resolve("run/baseline"), Map.of("objective.tau", "2.0"), 3);
        message = assertThrows(UserError.class, () -> train("run", true, ProgressListener.NONE)).getMessage();
        assertTrue(message.startsWith(directory.resolve("run/baseline") + " is the baseline of another model or other data: "), message);
        Files.createDirectories(directory.resolve("own/baseline"));
        message = assertThrows(UserError.class, () -> train("own", false, ProgressListener.NONE)).getMessage();
        assertTrue(message.startsWith(directory.resolve("own/baseline") + " is in the way"), message);
    }

    @Test
    void stoppedBeforeTheFirstStepNothingIsLeft() {
        assertThrows(CancellationException.class, () -> TrainingRun.train(config("objective.gamma=0.99"), data, directory.resolve("run"),
                new Start.Weights(base), false, ProgressListener.NONE, Optional.empty(), () -> true, Optional.empty(), WorkListener.NONE));
        assertFalse(Files.exists(directory.resolve("run/config.yaml")));
        assertFalse(Files.exists(directory.resolve("run/baseline")));
    }

    /** A run that began before there was the key goes on as it began. */
    @Test
    void aRunOfAnEarlierVersionGoesOnWithoutBaseline() throws IOException {
        train("whole", false, ProgressListener.NONE, "objective.baseline=none");
        assertThrows(IllegalStateException.class, () -> train("killed", false, killedAt(3), "objective.baseline=none"));
        train("killed", true, ProgressListener.NONE);
        assertSame("whole", "killed", "model/model.safetensors");
        assertFalse(Files.exists(directory.resolve("killed/baseline")));
    }
}
