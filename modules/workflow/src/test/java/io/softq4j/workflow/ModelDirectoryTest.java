package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.data.DataConfig;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.T5Config;
import io.softq4j.model.weights.DType;
import io.softq4j.objective.softq.SoftQConfig;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.training.PlainProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelDirectoryTest {

    @TempDir
    private Path directory;
    private Path run;

    /** A run of two steps, a checkpoint after each. */
    @BeforeEach
    void train() throws IOException {
        Path corpus = Files.writeString(directory.resolve("c.jsonl"), "{\"question\": \"a\", \"answer\": \"b\"}\n".repeat(4));
        ConfigFile config = Sections.RUN.read(Optional.empty(), List.of("data.train=" + corpus, "data.prompt={question}", "data.response={answer}",
                "tokenizer.vocab_size=257", "model={n_positions: 8, n_embd: 4, n_layer: 1, n_head: 1}", "training={max_steps: 2, save_steps: 1}",
                "objective.lambda=0.25"));
        PreparedData.prepare(config, Output.at(directory.resolve("data")), WorkListener.NONE);
        run = directory.resolve("run");
        // without the templates: those of the preparation hold
        ConfigFile forgetful = config.with(DataConfig.defaults());
        TrainingRun.train(forgetful, PreparedData.open(directory.resolve("data")), run, Optional.empty(), false, new PlainProgress(line -> { }, 1e9));
    }

    @Test
    void aRunIsItsFinishedModelThenItsNewestWholeCheckpoint() throws IOException {
        assertEquals(run.resolve("model"), ModelDirectory.find(run));
        AtomicFiles.delete(run.resolve("model"));
        assertEquals(run.resolve("checkpoint-2"), ModelDirectory.find(run));
        Files.writeString(run.resolve("checkpoint-2/model.safetensors"), "torn");
        assertEquals(run.resolve("checkpoint-1"), ModelDirectory.find(run));
        Files.delete(run.resolve("checkpoint-1/trainer_state.json"));
        String message = assertThrows(UserError.class, () -> ModelDirectory.find(run)).getMessage();
        assertTrue(message.contains("checkpoint-2") && message.contains("model.safetensors"), message);
    }

    @Test
    void aDirectoryWithAModelIsThatModel() {
        assertEquals(run.resolve("model"), ModelDirectory.find(run.resolve("model")));
        assertEquals(run.resolve("checkpoint-1"), ModelDirectory.find(run.resolve("checkpoint-1")));
    }

    @Test
    void aRunStoppedBeforeItsFirstCheckpointIsToldToResume() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertEquals("no model in " + empty + ": neither config.json, nor model/, nor a whole checkpoint-STEP. If a run was stopped before its first "
                + "checkpoint, resume it.", assertThrows(UserError.class, () -> ModelDirectory.find(empty)).getMessage());
    }

    @Test
    void aDecoderThatStartsFromATokenOfItsOwnSaysSo() throws IOException {
        Tokenizer tokenizer = ModelDirectory.open(run).tokenizer();
        T5Config size = T5Config.defaults().with(c -> c.vocabSize(tokenizer.vocabularySize()).dModel(4).dKv(2).dFf(4).numLayers(1)
                .numDecoderLayers(1).numHeads(1).relativeAttentionNumBuckets(4).relativeAttentionMaxDistance(8).padTokenId(3)
                .eosTokenId(tokenizer.eosId()).decoderStartTokenId(5));
        ModelDirectory.files(size, Optional.empty(), tokenizer, tokenizer.eosId()).write(directory);
        String written = Files.readString(directory.resolve("generation_config.json"));
        assertTrue(written.contains("\"decoder_start_token_id\": 5") && written.contains("\"pad_token_id\": 3"), written);
        assertEquals(size, ModelConfig.read(directory));
        assertFalse(Files.readString(run.resolve("model/generation_config.json")).contains("decoder_start_token_id"));
    }

    @Test
    void aModelKeepsTheConfigurationAndTheTemplatesItWasTrainedWith() {
        ModelDirectory model = ModelDirectory.open(run);
        ConfigFile config = ModelDirectory.configToContinue(model.path(), Configuration.defaults());
        assertEquals(0.25, config.section(SoftQConfig.class).lambda());
        assertEquals("{question}", config.section(DataConfig.class).prompt());
        assertEquals(0.5, ModelDirectory.configToContinue(model.path(), Configuration.defaults().set("objective.lambda=0.5")).section(SoftQConfig.class).lambda());
    }

    private static void flipOneBit(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 2] ^= 1;
        Files.write(file, bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "checkpoint-1"})
    void aModelThatIsNotAsItWasSavedIsRefusedWhereverItIsNamed(String name) throws IOException {
        Path model = run.resolve(name);
        ModelDirectory.open(model).close();
        flipOneBit(model.resolve("model.safetensors"));
        for (Executable read : List.<Executable>of(() -> ModelDirectory.open(model), () -> ModelDirectory.open(name.equals("model") ? run : model),
                () -> Conversion.run(model, Output.at(directory.resolve("out")), DType.F32, Long.MAX_VALUE))) {
            String message = assertThrows(UserError.class, read).getMessage();
            assertTrue(message.startsWith("the model is broken at " + model.resolve("model.safetensors") + ": its sha256 is "), message);
            assertTrue(message.endsWith("Restore it, or delete " + model.resolve("manifest.json") + " to read the model as it is."), message);
        }
        Files.delete(model.resolve("manifest.json"));
        ModelDirectory.open(model).close();
    }

    @Test
    void settingsMayBeEditedAndTheStateOfTheTrainingIsNotRead() throws IOException {
        Files.writeString(run.resolve("model/generation_config.json"), "{\"eos_token_id\": [0, 256]}");
        Files.delete(run.resolve("model/README.md"));
        ModelDirectory.open(run).close();
        flipOneBit(run.resolve("checkpoint-1/optimizer.safetensors"));
        ModelDirectory.open(run.resolve("checkpoint-1")).close();
        flipOneBit(run.resolve("model/tokenizer.json"));
        assertThrows(UserError.class, () -> ModelDirectory.open(run));
    }

    @Test
    void aManifestOfAnotherProgramSaysNothingAndADamagedOneOfOursIsNamed() throws IOException {
        Path manifest = Files.writeString(run.resolve("model/manifest.json"), "{\"name\": \"an app\"}");
        String message = assertThrows(UserError.class, () -> ModelDirectory.open(run)).getMessage();
        assertTrue(message.startsWith(manifest + ", which says what this model's files are, is damaged: "), message);
        Files.delete(run.resolve("model/softq.yaml"));
        ModelDirectory.open(run).close();
    }
}
