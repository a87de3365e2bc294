package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.data.DataConfig;
import io.softq4j.data.Prompts;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.plan.SameDiffParameters;
import io.softq4j.model.GptNeoXConfig;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.LlamaConfig;
import io.softq4j.model.LlamaVariant;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.T5Config;
import io.softq4j.model.T5FeedForward;
import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.Tensor;
import io.softq4j.training.PlainProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A directory of another family in the place of one of GPT-2: trained from, sampled from, evaluated, exported. */
class FamilyRunTest {

    @TempDir
    private Path directory;
    private List<String> settings;
    private ConfigFile config;
    private PreparedData data;

    @BeforeEach
    void prepare() throws IOException {
        StringBuilder rows = new StringBuilder();
        IntStream.range(0, 40).forEach(i -> rows.append("{\"prompt\": \"say ").append("abcd".charAt(i % 4)).append(":\", \"response\": \" ")
                .append("abcd".charAt(i % 4)).append("\"}\n"));
        Path corpus = Files.writeString(directory.resolve("c.jsonl"), rows);
        settings = List.of("data.train=" + corpus, "data.validation=" + corpus, "data.max_length=16",
                "tokenizer.vocab_size=262", "objective.lambda=0.1",
                "training={max_steps: 150, save_steps: 150, per_device_train_batch_size: 8, learning_rate: 1e-2, bucket_multiple: 4}",
                "generation={max_new_tokens: 4, do_sample: false}",
                "evaluation={task: \"exact_match:response\", samples: 2, prompts: 4, temperatures: [0.3], pass_at_k: [1]}");
        config = Sections.RUN.read(Optional.empty(), settings);
        PreparedData.prepare(config, Output.at(directory.resolve("data")), WorkListener.NONE);
        data = PreparedData.open(directory.resolve("data"));
    }

    /** Fresh weights in the layout of a published model, with a context of 12 tokens. */
    private Path published(String modelType) throws IOException {
        ModelConfig size = size(modelType, data.tokenizer().vocabularySize());
        Path model = Files.createDirectory(directory.resolve("published"));
        try (LanguageModel fresh = LanguageModel.create(size, 1, Lowering.best());
                SameDiffParameters parameters = new SameDiffParameters(fresh.graph().graph(), fresh.graph().parameters())) {
            fresh.writeConfig(model, data.tokenizer().eosId(), data.tokenizer().eosId());
            Safetensors.write(model.resolve("model.safetensors"), tensors(parameters));
        }
        data.tokenizer().save(model);
        return model;
    }

    private static ModelConfig size(String modelType, int vocabulary) {
        if (modelType.equals("gpt_neox")) {
            return GptNeoXConfig.defaults().with(c -> c.vocabSize(vocabulary).maxPositionEmbeddings(12).hiddenSize(16).intermediateSize(24)
                    .numHiddenLayers(2).numAttentionHeads(2));
        }
        if (modelType.equals("t5")) {
            return T5Config.defaults().with(c -> c.vocabSize(vocabulary).dModel(16).dKv(8).dFf(24).numLayers(1).numDecoderLayers(2)
                    .numHeads(2).relativeAttentionNumBuckets(8).relativeAttentionMaxDistance(16).feedForwardProj(T5FeedForward.GATED_GELU)
                    .padTokenId(3).eosTokenId(4).decoderStartTokenId(5));
        }
        LlamaVariant variant = LlamaVariant.valueOf(modelType.toUpperCase(Locale.ROOT));
        return LlamaConfig.defaults().with(c -> c.variant(variant).vocabSize(vocabulary).maxPositionEmbeddings(12).hiddenSize(16)
                .intermediateSize(24).numHiddenLayers(2).numAttentionHeads(4).numKeyValueHeads(2).headDim(8)
                .tieWordEmbeddings(variant != LlamaVariant.MISTRAL));
    }

    private static List<Tensor> tensors(SameDiffParameters parameters) {
        return parameters.slots().stream().map(slot -> new Tensor(slot.name(), slot.shape(), slot.values())).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama", "mistral", "qwen2", "qwen3", "t5"})
    void aPublishedModelIsTrainedSampledAndEvaluated(String modelType) throws IOException {
        Path start = published(modelType);
        Path run = directory.resolve("run");
        assertTrue(TrainingRun.explain(config, data, new Start.Weights(start)).contains("memory: "));
        TrainingRun.train(config, data, run, Optional.of(start), false, new PlainProgress(line -> { }, 1e9));
        try (Safetensors before = Safetensors.open(start.resolve("model.safetensors"));
                Safetensors after = Safetensors.open(run.resolve("model/model.safetensors"))) {
            assertEquals(before.names(), after.names());
            before.names().forEach(name -> assertEquals(before.info(name), after.info(name)));
        }
        try (ModelDirectory model = ModelDirectory.open(run)) {
            assertEquals(modelType, model.model().config().modelType());
            DataConfig rendering = config.section(DataConfig.class);
            GenerationConfig greedy = config.section(GenerationConfig.class);
            Prompts prompts = Prompts.of(List.of("say a:", "say d:"), rendering);
            try (Sampling sampling = new Sampling(model, prompts, greedy)) {
                assertEquals(List.of(" a", " d"), sampling.generate(greedy, "sample", WorkListener.NONE).stream().map(s -> s.get(0).text()).toList());
            }
            assertEquals(1, Evaluation.run(model, config, List.of(), samples -> { }, WorkListener.NONE).size());
        }
    }

    /** Recomputing a block must not touch what all blocks share, the angles of the positions. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "qwen3", "t5"})
    void gradientCheckpointingGivesTheSameWeights(String modelType) throws IOException {
        Path start = published(modelType);
        for (boolean again : new boolean[] {false, true}) {
            List<String> few = new ArrayList<>(settings);
            few.addAll(List.of("training.max_steps=3", "training.gradient_checkpointing=" + again));
            TrainingRun.train(Sections.RUN.read(Optional.empty(), few), data, directory.resolve("run-" + again), Optional.of(start), false,
                    new PlainProgress(line -> { }, 1e9));
        }
        assertArrayEquals(Files.readAllBytes(directory.resolve("run-false/model/model.safetensors")),
                Files.readAllBytes(directory.resolve("run-true/model/model.safetensors")));
    }

    @Test
    void aRunIsNotResumedWithAnotherModel() throws IOException {
        Path start = published("qwen3");
        Path run = directory.resolve("run");
        List<String> few = new ArrayList<>(settings);
        few.addAll(List.of("training.max_steps=2", "training.save_steps=1"));
        ConfigFile short2 = Sections.RUN.read(Optional.empty(), few);
        TrainingRun.train(short2, data, run, Optional.of(start), false, new PlainProgress(line -> { }, 1e9));
        Path file = start.resolve("config.json");
        Files.writeString(file, Files.readString(file).replaceAll("\"rope_theta\" : [0-9.E]+", "\"rope_theta\" : 500"));
        assertTrue(assertThrows(UserError.class, () -> TrainingRun.train(short2, data, run, Optional.of(start), true, new PlainProgress(line -> { }, 1e9)))
                .getMessage().startsWith(run.resolve("checkpoint-2/config.json") + " describes another model than this command does."));
    }

    @Test
    void dataOfAnotherTokenizerAreRefused() throws IOException {
        Path start = published("llama");
        Path corpus = Files.writeString(directory.resolve("other.jsonl"), "{\"prompt\": \"zzz zzz\", \"response\": \"zzz\"}\n".repeat(9));
        List<String> other = new ArrayList<>(settings);
        other.addAll(List.of("data.train=" + corpus, "data.validation=" + corpus));
        ConfigFile theirs = Sections.RUN.read(Optional.empty(), other);
        PreparedData.prepare(theirs, Output.at(directory.resolve("other")), WorkListener.NONE);
        PreparedData prepared = PreparedData.open(directory.resolve("other"));
        String message = assertThrows(UserError.class, () -> TrainingRun.explain(theirs, prepared, new Start.Weights(start))).getMessage();
        assertTrue(message.startsWith("the data were tokenised with another tokenizer than that of " + start + ": id 257 is '"), message);
    }

    /** As where a table was padded to a round number of rows. */
    @Test
    void aRowWithoutATokenIsNoText() throws IOException {
        try (ModelDirectory model = ModelDirectory.open(published("llama"))) {
            int ids = model.tokenizer().vocabularySize();
            assertEquals(model.tokenizer().decode(new int[] {100, 101}), model.text(new int[] {100, ids, ids + 5, 101}));
        }
    }

    @Test
    void aPromptBeyondTheContextIsRefusedByTheKeyOfTheFamily() throws IOException {
        try (ModelDirectory model = ModelDirectory.open(published("qwen3"))) {
            String prompt = "long ".repeat(20);
            Prompts prompts = Prompts.of(List.of(prompt), config.section(DataConfig.class));
            String message = assertThrows(UserError.class, () -> new Sampling(model, prompts, config.section(GenerationConfig.class))).getMessage();
            assertTrue(message.contains("the model's context holds 12 (max_position_embeddings), with at least one new token."), message);
        }
    }

    @Test
    void aModelWithAnEncoderIsNotExported() throws IOException {
        Path start = published("t5");
        try (ModelDirectory model = ModelDirectory.open(start)) {
            assertEquals("cannot export " + start + " to ONNX: its model_type is 't5', of encoder and decoder, and only models of one stack can be exported. "
                    + "The directory is in Hugging Face's layout; export it with a tool of theirs.",
                    assertThrows(UserError.class, () -> Export.run(model, Output.at(directory.resolve("onnx")))).getMessage());
        }
    }

    @Test
    void aPublishedModelIsExportedWithWhatItsReadersNeed() throws IOException {
        Path out = directory.resolve("onnx");
        try (ModelDirectory model = ModelDirectory.open(published("qwen3"))) {
            assertTrue(Export.run(model, Output.at(out)).passed());
            assertEquals(model.model().config(), ModelConfig.read(out));
        }
        for (String file : List.of("model.onnx", "parity.json", "tokenizer.json")) {
            assertTrue(Files.exists(out.resolve(file)), file);
        }
    }
}
