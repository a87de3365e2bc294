package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Output;
import io.softq4j.config.ConfigFile;
import io.softq4j.graph.Lowering;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.GptNeoXConfig;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.LlamaConfig;
import io.softq4j.model.LlamaVariant;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.T5Config;
import io.softq4j.model.T5FeedForward;
import io.softq4j.model.weights.DType;
import io.softq4j.model.weights.WeightFiles;
import io.softq4j.tokens.huggingface.Tokenizers;
import io.softq4j.training.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What training does not change stays as it was in every directory that is made from a model: a diff of both. */
class KeptFilesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Weights, and what is said of one directory alone. */
    private static final Set<String> OWN = Set.of("model.safetensors", "README.md", "softq.yaml", "manifest.json", "optimizer.safetensors",
            "trainer_state.json", "adapter_config.json", "adapter_model.safetensors", "softq_base.json", "model.onnx", "parity.json");

    @TempDir
    private Path directory;
    private PreparedData data;
    private int eos;

    @BeforeEach
    void prepare() throws IOException {
        Path corpus = Files.writeString(directory.resolve("c.jsonl"), "{\"prompt\": \"a\", \"response\": \"b\"}\n".repeat(4));
        PreparedData.prepare(config("data.train=" + corpus), Output.at(directory.resolve("data")), WorkListener.NONE);
        data = PreparedData.open(directory.resolve("data"));
        eos = data.tokenizer().eosId();
    }

    private static ConfigFile config(String... more) {
        List<String> settings = new ArrayList<>(List.of("data.max_length=8", "tokenizer.vocab_size=262", "objective.lambda=0",
                "training={max_steps: 1, per_device_train_batch_size: 2, bucket_multiple: 4}"));
        settings.addAll(List.of(more));
        return Sections.RUN.read(Optional.empty(), settings);
    }

    private ModelConfig size(String modelType) {
        int vocabulary = data.tokenizer().vocabularySize();
        return switch (modelType) {
            case "gpt2" -> Gpt2Config.defaults().with(c -> c.vocabSize(vocabulary).nPositions(12).nEmbd(8).nLayer(1).nHead(2));
            case "gpt_neox" -> GptNeoXConfig.defaults().with(c -> c.vocabSize(vocabulary).maxPositionEmbeddings(12).hiddenSize(16)
                    .intermediateSize(24).numHiddenLayers(1).numAttentionHeads(2));
            case "t5" -> T5Config.defaults().with(c -> c.vocabSize(vocabulary).dModel(8).dKv(4).dFf(8).numLayers(1).numDecoderLayers(1)
                    .numHeads(2).relativeAttentionNumBuckets(8).relativeAttentionMaxDistance(16).feedForwardProj(T5FeedForward.GATED_GELU)
                    .padTokenId(3).eosTokenId(eos).decoderStartTokenId(5));
            default -> LlamaConfig.defaults().with(c -> c.variant(LlamaVariant.valueOf(modelType.toUpperCase(Locale.ROOT)))
                    .vocabSize(vocabulary).maxPositionEmbeddings(12).hiddenSize(16).intermediateSize(24).numHiddenLayers(1)
                    .numAttentionHeads(2).numKeyValueHeads(1).headDim(8));
        };
    }

    /** As others publish models: with keys and files that nothing here reads. */
    private Path published(String modelType) throws IOException {
        Path model = Files.createDirectory(directory.resolve("published"));
        try (LanguageModel fresh = LanguageModel.create(size(modelType), 1, Lowering.best())) {
            fresh.writeConfig(model, 1, eos);
            WeightFiles.writeInto(model, fresh.tensors(), Long.MAX_VALUE, DType.F32);
        }
        data.tokenizer().save(model);
        ObjectNode json = (ObjectNode) JSON.readTree(model.resolve("config.json").toFile());
        json.put("bos_token_id", 1).put("unk_token_id", 4).put("pad_token_id", 3).put("use_cache", true).put("transformers_version", "4.57.6");
        for (String rate : List.of("attn_pdrop", "attention_dropout", "hidden_dropout", "dropout_rate")) {
            if (json.has(rate)) {
                json.put(rate, 0.1);
            }
        }
        if (!modelType.equals("t5")) {
            json.putArray("eos_token_id").add(eos).add(7);
        }
        json.putObject("task_specific_params").putObject("text-generation").put("do_sample", true).put("max_length", 50);
        json.putObject("a_key_of_others").putArray("list").add(1).add("two").addNull();
        // Python's spelling of numbers and of the order is kept too
        Files.writeString(model.resolve("config.json"), json.toPrettyString().replaceFirst("\\{", "{\n  \"of_others\": [1e-05, NaN, 1.50],"));
        Files.writeString(model.resolve("generation_config.json"), "{\"bos_token_id\": 1, \"eos_token_id\": [7, " + eos + "], \"pad_token_id\": 3,\n"
                + "\"do_sample\": true, \"temperature\": 0.6, \"top_p\": 0.9, \"of_others\": 1e-05}");
        for (String name : List.of("vocab.json", "merges.txt", "LICENSE", "special_tokens_map.json", "chat_template.jinja", ".gitattributes",
                "additional_chat_templates/tool_use.jinja")) {
            Files.createDirectories(model.resolve(name).getParent());
            Files.writeString(model.resolve(name), name.endsWith(".json") ? "{}" : "of others\n");
        }
        Files.write(model.resolve("tokenizer.model"), new byte[] {10, 0, -1, -128});
        Files.writeString(model.resolve("README.md"), "how others trained it\n");
        Files.write(model.resolve("optimizer.pt"), new byte[9]);
        return model;
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return new TreeSet<>(files.filter(Files::isRegularFile).map(file -> directory.relativize(file).toString()).toList());
        }
    }

    private static void assertSameButWeights(Path before, Path after, String... missing) throws IOException {
        Set<String> wanted = names(before);
        wanted.removeAll(OWN);
        wanted.removeAll(List.of(missing));
        wanted.remove("optimizer.pt");
        Set<String> found = names(after);
        found.removeAll(OWN);
        assertEquals(wanted, found, after.toString());
        for (String name : wanted) {
            assertEquals(-1, Files.mismatch(before.resolve(name), after.resolve(name)), after.resolve(name).toString());
        }
    }

    private Path train(Path start, String name, String... settings) {
        Path run = directory.resolve(name);
        TrainingRun.train(config(settings), data, run, Optional.of(start), false, ProgressListener.NONE);
        return run;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox", "llama", "mistral", "qwen2", "qwen3", "t5"})
    void whatTrainingDoesNotChangeIsInEveryDirectoryAsItWas(String modelType) throws IOException {
        Path start = published(modelType);
        Path run = train(start, "run");
        assertSameButWeights(start, run.resolve("model"));
        assertSameButWeights(start, run.resolve("checkpoint-1"));
        Path second = train(run, "second");
        assertSameButWeights(start, second.resolve("model"));

        Path adapters = train(start, "adapters", "tuning.use_peft=true", "tuning.lora_target_modules=all-linear");
        assertSameButWeights(start, adapters.resolve("model"), "config.json");
        assertSameButWeights(start, adapters.resolve("checkpoint-1"), "config.json");
        Path merged = directory.resolve("merged");
        Merge.run(adapters, Output.at(merged), DType.F32, Long.MAX_VALUE);
        assertSameButWeights(start, merged);
        assertFalse(Files.exists(merged.resolve("README.md")), "both cards tell of another model");

        Path converted = directory.resolve("converted");
        Conversion.run(start, Output.at(converted), DType.F32, Long.MAX_VALUE);
        assertSameButWeights(start, converted);
        assertArrayEquals(Files.readAllBytes(start.resolve("README.md")), Files.readAllBytes(converted.resolve("README.md")));
        if (!modelType.equals("t5")) {
            Path exported = directory.resolve("exported");
            try (ModelDirectory model = ModelDirectory.open(start)) {
                Export.run(model, Output.at(exported));
            }
            assertSameButWeights(start, exported);
        }
    }

    @Test
    void anotherTypeOfTheWeightsIsTheOneLineThatChanges() throws IOException {
        Path start = published("llama");
        Path saved = train(start, "run", "training.save_dtype=bfloat16").resolve("model");
        List<String> before = Files.readAllLines(start.resolve("config.json"));
        List<String> after = Files.readAllLines(saved.resolve("config.json"));
        assertEquals(before.stream().map(line -> line.replace("\"float32\"", "\"bfloat16\"")).toList(), after);
        assertFalse(before.equals(after));
    }

    @Test
    void theTokenThatResponsesWereTrainedToEndInIsAnEndToken() throws IOException {
        KeptFiles none = KeptFiles.none().with("config.json", "{\"eos_token_id\": 2, \"pad_token_id\": 0, \"temperature\": 0.7, \"n_head\": 2}");
        assertEquals(none, none.endingWith(2));
        Files.createDirectory(directory.resolve("out"));
        none.endingWith(9).write(directory.resolve("out"));
        assertEquals(JSON.readTree("{\"eos_token_id\": [2, 9], \"pad_token_id\": 0, \"temperature\": 0.7}"),
                JSON.readTree(directory.resolve("out/generation_config.json").toFile()), "what transformers reads in config.json where that is alone");
        none.with("generation_config.json", "{\n  \"eos_token_id\": [2, 5],\n  \"top_p\": 0.90\n}\n").endingWith(9).write(directory.resolve("out"));
        assertEquals("{\n  \"eos_token_id\": [2,5,9],\n  \"top_p\": 0.90\n}\n", Files.readString(directory.resolve("out/generation_config.json")));
        KeptFiles named = none.with("generation_config.json", "{\"eos_token_id\": [9, 2]}");
        assertEquals(named, named.endingWith(9));
    }

    private static List<String> said(Class<?> by, Runnable what) {
        Logger logger = (Logger) LoggerFactory.getLogger(by);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            what.run();
        } finally {
            logger.detachAppender(lines);
        }
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void foldersThatAreLeftBehindAreNamedInALine() throws IOException {
        Path start = published("gpt2");
        assertEquals(List.of(), said(KeptFiles.class, () -> KeptFiles.of(start)), "templates are taken along");
        for (String folder : List.of("onnx", ".cache", "1_Pooling")) {
            Files.writeString(Files.createDirectories(start.resolve(folder)).resolve("config.json"), "{}");
        }
        assertEquals(List.of(start + " has folders beside the weights, 1_Pooling/, onnx/: they are left there. Copy them by hand if they belong to the model."),
                said(KeptFiles.class, () -> KeptFiles.of(start)));
    }

    @Test
    void tokensThatGenerationConfigAndTokenizerNameDifferentlyAreSaidInALine() throws IOException {
        Path start = published("gpt2");
        Runnable open = () -> ModelDirectory.open(start).close();
        Path generation = start.resolve("generation_config.json");
        String same = "{\"bos_token_id\": 1, \"eos_token_id\": " + eos + ", \"pad_token_id\": ";
        Files.writeString(generation, same + eos + "}");
        assertEquals(List.of(), said(ModelDirectory.class, open), "the tokenizer names no bos_token and the same pad_token");
        ObjectNode config = (ObjectNode) JSON.readTree(start.resolve("tokenizer_config.json").toFile());
        Files.writeString(start.resolve("tokenizer_config.json"), config.put("bos_token", "b").put("pad_token", "a").toString());
        int bos = Tokenizers.load(start).idOf("b").orElseThrow();
        Files.writeString(generation, "{\"bos_token_id\": " + bos + ", \"eos_token_id\": " + eos + ", \"pad_token_id\": 3}");
        assertEquals(List.of(generation + " has pad_token_id 3, the tokenizer's pad_token is \"a\", id " + Tokenizers.load(start).idOf("a").orElseThrow()
                + ": generating takes the former, as transformers does; what is trained has neither"), said(ModelDirectory.class, open));
    }

    @Test
    void ofAnotherTokenizerNoFileIsKept() {
        KeptFiles base = KeptFiles.none().with("tokenizer.json", "a").with("vocab.json", "a").with("LICENSE", "a")
                .with("additional_chat_templates/rag.jinja", "a");
        assertEquals(List.of("LICENSE", "tokenizer.json"), List.copyOf(KeptFiles.none().with("tokenizer.json", "b").over(base).bytes().keySet()));
        assertEquals(4, KeptFiles.none().with("tokenizer.json", "a").over(base).bytes().size());
        assertEquals(4, KeptFiles.none().over(base).bytes().size());
    }

    @Test
    void aSizeTakenFromAFileKeepsWhatElseItSays() throws IOException {
        Path start = published("llama");
        Path run = directory.resolve("run");
        TrainingRun.train(config(), data, run, new Start.Sized(start.resolve("config.json")), false, ProgressListener.NONE, Optional.empty());
        assertEquals(Files.readString(start.resolve("config.json")), Files.readString(run.resolve("model/config.json")));
        Path foreign = directory.resolve("foreign.json");
        Files.writeString(foreign, Files.readString(start.resolve("config.json")).replaceAll("(?s)\"eos_token_id\" : \\[[^]]*]", "\"eos_token_id\" : 77"));
        TrainingRun.train(config(), data, directory.resolve("other"), new Start.Sized(foreign), false, ProgressListener.NONE, Optional.empty());
        String written = Files.readString(directory.resolve("other/model/config.json"));
        for (String part : List.of("\"eos_token_id\" : " + eos + ",", "\"bos_token_id\" : " + eos + ",", "\"pad_token_id\" : null,", "NaN, 1.50]")) {
            assertTrue(written.contains(part), part + " in " + written);
        }
    }
}
