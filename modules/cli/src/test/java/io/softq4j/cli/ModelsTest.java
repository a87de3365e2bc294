package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.model.SupportedModel;
import io.softq4j.model.weights.DType;
import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code softq models}, {@code softq convert}, {@code softq merge}, and what {@code softq train} starts from and saves, on the model of {@link TinyRun}. */
class ModelsTest {

    private static final Path TINY = TinyRun.directory();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;
    private Path model;

    private record Result(int code, String out, String err) {
    }

    @BeforeEach
    void copy() throws IOException {
        model = Files.createDirectory(directory.resolve("copy"));
        try (Stream<Path> files = Files.list(TINY.resolve("run/model"))) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
    }

    private static Result softq(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Softq.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int code = line.execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        return new Result(code, out.toString(), err.toString());
    }

    private static Result succeed(Result result) {
        assertEquals(0, result.code, result.toString());
        return result;
    }

    private Path weights() {
        return model.resolve("model.safetensors");
    }

    private List<Tensor> tensors(Path file) {
        List<Tensor> tensors = new ArrayList<>();
        try (Safetensors read = Safetensors.open(file)) {
            for (String name : read.names()) {
                FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(read.info(name).size()));
                read.read(name, read.info(name).shape(), values);
                tensors.add(new Tensor(name, read.info(name).shape(), values));
            }
        }
        return tensors;
    }

    /** Changes the header of a file without changing its length. */
    private static void header(Path file, String from, String to) throws IOException {
        assertEquals(from.length(), to.length());
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        String header = new String(bytes.array(), 8, (int) bytes.getLong(0), StandardCharsets.UTF_8);
        assertTrue(header.contains(from), header);
        bytes.position(8).put(header.replace(from, to).getBytes(StandardCharsets.UTF_8));
        Files.write(file, bytes.array());
    }

    @Test
    void everyFamilyThatCanBeLoadedIsListed() throws IOException {
        String out = succeed(softq("models")).out;
        SupportedModel.all().forEach(kind -> assertTrue(out.contains("\n" + kind.modelType() + " ") && out.contains(kind.architecture()), out));
        assertEquals(SupportedModel.all().size() + 2, out.lines().count(), out);
        assertEquals("gpt2", JSON.readTree(succeed(softq("models", "--json")).out).get(0).get("model_type").asText());
    }

    @Test
    void aWholeModelIsDescribed() {
        String out = succeed(softq("models", TINY.resolve("run"))).out;
        for (String part : List.of("directory      " + TINY.resolve("run/model") + "\n", "model          gpt2, GPT2LMHeadModel (",
                "parameters     7,760: embedding 4,448, layers 3,280, norms 32; output layer tied to the embedding, which saves 4,192\n",
                "weights        0.031 MB as F32, 16 tensors in model.safetensors\n", "context        16 tokens (n_positions)\n",
                "vocabulary     model 262, tokenizer 262\n", "chat template  none\n", "end tokens     0 <|endoftext|>\n",
                "tensors        all there, none left over\n", "memory for training, in GB (AdamW, all weights: weights 0.0000, ")) {
            assertTrue(out.contains(part), part + " is not in " + out);
        }
        assertFalse(out.contains("cannot be loaded"), out);
    }

    /** Of the first block's query, key and value: 16 to 48. */
    private Path adapter(int r) throws IOException {
        Path adapter = Files.createDirectories(directory.resolve("adapter"));
        Files.writeString(adapter.resolve("adapter_config.json"), "{\"base_model_name_or_path\": \"" + model
                + "\", \"peft_type\": \"LORA\", \"r\": 4, \"lora_alpha\": 8}");
        String layer = "base_model.model.transformer.h.0.attn.c_attn.lora_";
        Safetensors.write(adapter.resolve("adapter_model.safetensors"), List.of(new Tensor(layer + "A.weight", List.of(r, 16), FloatBuffer.allocate(r * 16)),
                new Tensor(layer + "B.weight", List.of(48, r), FloatBuffer.allocate(48 * r))));
        return adapter;
    }

    @Test
    void anAdapterIsDescribedByItsModel() throws IOException {
        Path adapter = adapter(4);
        String out = succeed(softq("models", adapter, "--length", 12)).out;
        assertTrue(out.contains("adapter        LoRA of rank 4 in " + adapter + "\n") && out.contains("\nparameters     7,760: ")
                && out.contains("\nend tokens     0 <|endoftext|>\n"), out);
    }

    @Test
    void anAdapterThatDoesNotFitOrIsNotThereIsAProblem() throws IOException {
        Path adapter = adapter(3);
        Result result = softq("models", adapter, "--length", 12);
        assertEquals(2, result.code, result.toString());
        assertTrue(result.out.contains("\ncannot be loaded:\n- " + adapter.resolve("adapter_model.safetensors")
                + ": tensor 'base_model.model.transformer.h.0.attn.c_attn.lora_A.weight' has shape [3, 16], the model needs [4, 16]."), result.out);
        Files.delete(adapter.resolve("adapter_model.safetensors"));
        result = softq("models", adapter, "--length", 12);
        assertEquals(2, result.code, result.toString());
        assertTrue(result.out.contains("\n- " + adapter + " has no adapter_model.safetensors beside its adapter_config.json: "), result.out);
    }

    @Test
    void mergeWritesThePrecisionAndTheShardsAskedFor() throws IOException {
        Path out = directory.resolve("merged");
        assertEquals(new Result(0, "model in " + out + "\n", ""), softq("merge", adapter(4), "--out", out, "--dtype", "bfloat16", "--max-shard-size", "4KB"));
        assertTrue(names(out).contains("model.safetensors.index.json") && !names(out).contains("model.safetensors"), names(out).toString());
        assertEquals("bfloat16", JSON.readTree(out.resolve("config.json").toFile()).get("torch_dtype").asText());
        assertTrue(succeed(softq("models", out)).out.contains(" MB as BF16, 16 tensors in "));
    }

    /** The weights are torn: whoever opened them would say so first. */
    @Test
    void mergeWantsAnAdapterAndAnEmptyPlaceBeforeItReadsWeights() throws IOException {
        Files.writeString(weights(), "torn");
        Path adapter = adapter(4);
        Path out = directory.resolve("out");
        assertEquals(new Result(2, "", "softq: error: " + model + " is not an adapter: it has no adapter_config.json. There is nothing to merge; it is a "
                + "model by itself.\n"), softq("merge", model, "--out", out));
        assertEquals(new Result(2, "", "softq: error: " + model + " cannot be written: it is, or holds, " + model + ", which is read. Choose another "
                + "output path.\n"), softq("merge", adapter, "--out", model, "--force"));
        assertTrue(softq("merge", adapter, "--out", out).err.contains(weights() + " is not a whole safetensors file"));
        assertFalse(Files.exists(out));
    }

    @Test
    void anEndTokenOutsideTheVocabularyIsNamed() throws IOException {
        Files.writeString(model.resolve("generation_config.json"), "{\"eos_token_id\": [0, 262]}");
        assertProblem("end tokens none named", model.resolve("generation_config.json") + ": eos_token_id is [0,262]; each id must be a whole number "
                + "from 0 to 261, ");
    }

    @Test
    void aContextWithoutLimitIsNullInJson() throws IOException {
        Path t5 = Files.createDirectory(directory.resolve("t5"));
        Files.writeString(t5.resolve("config.json"), "{\"model_type\": \"t5\", \"vocab_size\": 262, \"d_model\": 8, \"d_kv\": 4, \"d_ff\": 16, "
                + "\"num_layers\": 1, \"num_heads\": 2, \"decoder_start_token_id\": 0, \"pad_token_id\": 0, \"eos_token_id\": 1}");
        JsonNode context = JSON.readTree(softq("models", t5, "--json").out).get("context");
        assertTrue(context.get("length").isNull(), context.toString());
    }

    @Test
    void theJsonHasTheBytesOfEveryBatch() throws IOException {
        JsonNode json = JSON.readTree(succeed(softq("models", TINY.resolve("run"), "--length", 12, "--json")).out);
        assertEquals(7760, json.at("/parameters/total").asLong());
        assertEquals(4 * 7760, json.at("/weights/bytes").asLong());
        assertEquals(0, json.get("problems").size());
        JsonNode first = json.at("/memory/0/batches/0");
        assertEquals(4 * 7760, first.get("weights").asLong());
        assertEquals(2 * 4 * 7760, first.get("moments").asLong());
        assertEquals(12, first.get("length").asInt());
        assertTrue(first.get("fits").asBoolean() && !first.get("gradient_checkpointing").asBoolean(), first.toString());
        assertEquals(first.get("total").asLong(), 4 * 4 * 7760 + first.get("activations").asLong());
        assertEquals(14, json.at("/memory/0/batches").size(), "1, 2, 4, ... 64 rows, each in two ways");
        JsonNode lora = json.at("/memory/1/batches/0");
        assertEquals("AdamW, LoRA adapters of rank 16", json.at("/memory/1/optimizer").asText());
        assertEquals(2 * lora.get("gradients").asLong(), lora.get("moments").asLong());
        assertEquals(lora.get("weights").asLong(), 4 * 7760 + lora.get("gradients").asLong(), "adapters alone have gradients");
        // what training itself plans
        String explained = TinyRun.succeed(TinyRun.in(TINY).run("train", "-c", "tiny.yaml", "--data", "data", "--out", "none", "--explain")).out();
        long eight = json.at("/memory/0/batches/6/activations").asLong();
        String arena = explained.replaceAll("(?s).*arena ([0-9,]+) bytes.*", "$1").replace(",", "");
        String inputs = explained.replaceAll("(?s).*inputs ([0-9,]+) bytes.*", "$1").replace(",", "");
        assertEquals(Long.parseLong(arena) + Long.parseLong(inputs), eight, "8 rows of 12 tokens");
    }

    @Test
    void shardsAndHalfPrecisionAreDescribedAndLoad() throws IOException {
        Path shards = directory.resolve("shards");
        succeed(softq("convert", model, "--out", shards, "--dtype", "bfloat16", "--max-shard-size", "4KB"));
        String out = succeed(softq("models", shards)).out;
        assertTrue(out.matches("(?s).*weights        0.016 MB as BF16, 16 tensors in \\d+ shards\n.*"), out);
        Path half = directory.resolve("half");
        succeed(softq("convert", model, "--out", half, "--dtype", "bfloat16"));
        header(half.resolve("model.safetensors"), "\"BF16\"", "\"F16\" ");
        assertTrue(succeed(softq("models", half)).out.contains(" MB as F16, 16 tensors in model.safetensors\n"));
    }

    /** Both ways to meet a broken directory: described as a whole, or refused with the same words. */
    private void assertProblem(String row, String message) {
        Result described = softq("models", model);
        assertEquals(2, described.code, described.toString());
        String seen = described.out.replaceAll(" +", " ");
        assertTrue(seen.contains(row), seen);
        assertTrue(described.out.contains("\nmemory for training, in GB") && described.out.contains("\ncannot be loaded:\n- "), described.out);
        assertTrue(described.out.contains(message), described.out);
        Result refused = softq("generate", model, "--prompt", "a");
        assertEquals(2, refused.code, refused.toString());
        assertTrue(refused.err.startsWith("softq: error: ") && refused.err.contains(message), refused.err);
        assertEquals("", refused.out);
    }

    @Test
    void aMissingTensorIsNamed() {
        Safetensors.write(weights(), tensors(weights()).stream().filter(t -> !t.name().equals("transformer.h.0.mlp.c_fc.bias")).toList());
        assertProblem("missing transformer.h.0.mlp.c_fc.bias - - [64] -", "tensor 'transformer.h.0.mlp.c_fc.bias' of shape [64] is missing. ");
    }

    @Test
    void anExtraTensorIsNamed() {
        List<Tensor> tensors = tensors(weights());
        tensors.add(new Tensor("score.weight", List.of(2), FloatBuffer.allocate(2)));
        Safetensors.write(weights(), tensors);
        assertProblem("unexpected score.weight F32 [2] - model.safetensors",
                weights() + ": tensor 'score.weight' of shape [2] has no place in the model. ");
    }

    @Test
    void aTensorOfAnotherShapeIsNamedWithBothShapesAndItsFile() {
        List<Tensor> tensors = tensors(weights());
        tensors.removeIf(t -> t.name().equals("transformer.ln_f.bias"));
        tensors.add(new Tensor("transformer.ln_f.bias", List.of(2, 8), FloatBuffer.allocate(16)));
        Safetensors.write(weights(), tensors);
        assertProblem("wrong shape transformer.ln_f.bias F32 [2, 8] [16] model.safetensors",
                weights() + ": tensor 'transformer.ln_f.bias' has shape [2, 8], the model needs [16]. ");
    }

    @Test
    void aTensorOfIntegersIsNamedWithItsType() throws IOException {
        header(weights(), "\"transformer.ln_f.bias\":{\"dtype\":\"F32\"", "\"transformer.ln_f.bias\":{\"dtype\":\"I32\"");
        assertProblem("wrong dtype transformer.ln_f.bias I32 [16] [16] model.safetensors",
                weights() + ": tensor 'transformer.ln_f.bias' is I32; readable as weights are F32, F16 and BF16. The checkpoint is quantised, ");
    }

    @Test
    void aFileCutShortIsNamed() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(weights().toFile(), "rw")) {
            file.setLength(file.length() - 10);
        }
        assertProblem("context 16 tokens (n_positions)", weights() + " is not a whole safetensors file: its tensors take 31040 bytes, the file has 31030 "
                + "after the header. ");
    }

    @Test
    void aTokenizerWithMoreIdsThanTheEmbeddingHasRowsIsRefused() throws IOException {
        Path file = model.resolve("tokenizer.json");
        ObjectNode tokenizer = (ObjectNode) JSON.readTree(file.toFile());
        ObjectNode token = ((ArrayNode) tokenizer.get("added_tokens")).get(0).deepCopy();
        ((ArrayNode) tokenizer.get("added_tokens")).add(token.put("id", 262).put("content", "<|more|>"));
        Files.writeString(file, tokenizer.toString());
        assertProblem("vocabulary model 262, tokenizer 263: they disagree", "tokenizer and model in " + model + " disagree: tokenizer.json has ids up to "
                + "262, the embedding has 262 rows (vocab_size in config.json). ");
    }

    @Test
    void modelsInOtherFormatsAreAnsweredWithTheWayToConvertThem() throws IOException {
        Files.move(weights(), model.resolve("pytorch_model.bin"));
        assertProblem("vocabulary model 262, tokenizer 262", "It has its weights as pytorch_model.bin, PyTorch's pickle format, ");
        for (Path each : List.of(directory.resolve("gguf"), directory.resolve("adapters"))) {
            Files.createDirectory(each);
        }
        Files.writeString(directory.resolve("gguf/tiny-Q4.gguf"), "");
        Files.writeString(directory.resolve("adapters/adapter_config.json"), "{\"base_model_name_or_path\": \"org/base\", \"peft_type\": \"LORA\", \"r\": 4, \"lora_alpha\": 8}");
        Result gguf = softq("models", directory.resolve("gguf"));
        assertTrue(gguf.code == 2 && gguf.err.contains("It has its weights as tiny-Q4.gguf, the format of llama.cpp"), gguf.toString());
        Result adapters = softq("models", directory.resolve("adapters"));
        assertTrue(adapters.code == 2 && adapters.err.contains("the base of the adapter " + directory.resolve("adapters") + " is not there"),
                adapters.toString());
    }

    @Test
    void aConvertedModelHasTheNearestValuesAndEveryOtherFile() throws IOException {
        List<Tensor> tensors = tensors(weights());
        float[] ties = {1 + 0x1p-8f, 1 + 3 * 0x1p-8f, 1 + 0x1p-8f + 0x1p-20f, -(1 + 0x1p-8f)};
        FloatBuffer first = tensors.get(0).values();
        first.put(0, ties);
        Safetensors.write(weights(), tensors);
        assertTrue(softq("convert", model, "--out", directory.resolve("refused")).err.contains("the model is broken at " + weights()));
        Files.delete(model.resolve("manifest.json"));
        Path out = directory.resolve("bf16");
        Result result = succeed(softq("convert", model, "--out", out, "--dtype", "bfloat16"));
        assertEquals("15,520 bytes of bfloat16 in " + out + "\n", result.out);
        try (Safetensors written = Safetensors.open(out.resolve("model.safetensors"))) {
            assertEquals("pt", written.metadata().get("format"));
            assertEquals(DType.BF16, written.info(tensors.get(0).name()).dtype());
            FloatBuffer values = FloatBuffer.allocate(first.capacity());
            written.read(tensors.get(0).name(), tensors.get(0).shape(), values);
            float[] seen = new float[4];
            values.get(0, seen);
            assertArrayEquals(new float[] {1, 1 + 0x1p-6f, 1 + 0x1p-7f, -1}, seen, "ties to even");
        }
        assertEquals("bfloat16", JSON.readTree(out.resolve("config.json").toFile()).get("torch_dtype").asText());
        assertEquals(names(model), names(out));
        assertArrayEquals(Files.readAllBytes(model.resolve("tokenizer.json")), Files.readAllBytes(out.resolve("tokenizer.json")));
        Path back = directory.resolve("back");
        succeed(softq("convert", out, "--out", back, "--max-shard-size", "8KB"));
        assertTrue(names(back).contains("model.safetensors.index.json"), names(back).toString());
        assertEquals("float32", JSON.readTree(back.resolve("config.json").toFile()).get("torch_dtype").asText());
        succeed(softq("generate", back, "--prompt", "say 2 a:"));
        Result again = softq("convert", model, "--out", out);
        assertEquals("softq: error: " + out + " would be replaced, but it is not empty. Choose another output path, move it away, or give "
                + "--force to replace it.\n", again.err);
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
        }
    }

    private Result train(String out, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("train", "-c", TINY.resolve("tiny.yaml"), "--data", TINY.resolve("data"), "--out",
                directory.resolve(out), "--set", "training.max_steps=1"));
        arguments.addAll(List.of(more));
        return softq(arguments.toArray());
    }

    private Path llama(int vocabulary) throws IOException {
        return Files.writeString(directory.resolve("size.json"), "{\"model_type\": \"llama\", \"vocab_size\": " + vocabulary
                + ", \"max_position_embeddings\": 16, \"hidden_size\": 8, \"intermediate_size\": 12, \"num_hidden_layers\": 1, "
                + "\"num_attention_heads\": 2, \"num_key_value_heads\": 1, \"tie_word_embeddings\": false}");
    }

    @Test
    void freshWeightsOfAnyFamilyHaveTheSizeOfAConfiguration() throws IOException {
        succeed(train("fresh", "--config-name", llama(300)));
        JsonNode config = JSON.readTree(directory.resolve("fresh/model/config.json").toFile());
        assertEquals("llama", config.get("model_type").asText());
        assertEquals(300, config.get("vocab_size").asInt());
        assertTrue(succeed(softq("models", directory.resolve("fresh"))).out.contains("vocabulary     model 300, tokenizer 262: 38 rows to spare"));
        String card = Files.readString(directory.resolve("fresh/model/README.md"));
        assertTrue(card.contains("| command | `softq train --config softq.yaml --data DATA --config-name config.json --out RUN` |\n"), card);
        assertArrayEquals(Files.readAllBytes(directory.resolve("fresh/model/model.safetensors")), sameAgain("--config-name"));
    }

    /** From the directory of the model, which has a {@code config.json} of the same size. */
    private byte[] sameAgain(String option) throws IOException {
        succeed(train("again", option, directory.resolve("fresh/model")));
        return Files.readAllBytes(directory.resolve("again/model/model.safetensors"));
    }

    @Test
    void aConfigurationWithTooSmallAVocabularyIsRefusedWithBoth() throws IOException {
        Path file = llama(200);
        assertEquals("softq: error: " + file + " has vocab_size 200, but the data were tokenised with ids up to 261. Raise vocab_size in the file to at "
                + "least 262, or prepare the data with a smaller tokenizer.\n", train("none", "--config-name", file).err);
        Result both = train("none", "--config-name", file, "--model", model);
        assertTrue(both.code == 2 && both.err.contains("--model=DIR, --config-name=FILE are mutually exclusive"), both.err);
        assertTrue(train("none", "--config-name", "nope.json").err.startsWith("softq: error: --config-name: there is no file or directory nope.json "));
        assertFalse(Files.exists(directory.resolve("none")));
    }

    @Test
    void theModelIsSavedInThePrecisionAndTheShardsAskedForAndCheckpointsStayExact() throws IOException {
        succeed(train("bf16", "--set", "training.save_dtype=bfloat16", "--set", "training.max_shard_size=8KB"));
        Path saved = directory.resolve("bf16/model");
        assertEquals("bfloat16", JSON.readTree(saved.resolve("config.json").toFile()).get("torch_dtype").asText());
        assertTrue(names(saved).contains("model-00001-of-00002.safetensors"), names(saved).toString());
        assertTrue(Files.readString(saved.resolve("README.md")).contains("| precision | trained in float32, saved as bfloat16 |\n"));
        Path checkpoint = directory.resolve("bf16/checkpoint-1");
        assertEquals("float32", JSON.readTree(checkpoint.resolve("config.json").toFile()).get("torch_dtype").asText());
        Path rounded = directory.resolve("rounded");
        succeed(softq("convert", checkpoint, "--out", rounded, "--dtype", "bfloat16", "--max-shard-size", "8KB"));
        assertArrayEquals(Files.readAllBytes(saved.resolve("model-00002-of-00002.safetensors")),
                Files.readAllBytes(rounded.resolve("model-00002-of-00002.safetensors")));
        assertFalse(Files.exists(rounded.resolve("optimizer.safetensors")) || Files.exists(rounded.resolve("manifest.json")));
        Result wrong = train("none", "--set", "training.max_shard_size=5 gigs");
        assertTrue(wrong.err.contains("max_shard_size must be a whole number of bytes or one with KB, MB, GB"), wrong.err);
    }

    @Test
    void theCardSaysWhatTheModelWasMadeOfAndHowGoodItIs() throws IOException {
        String card = Files.readString(TINY.resolve("run/model/README.md"));
        assertTrue(card.startsWith("---\nlibrary_name: transformers\ndatasets:\n- c.jsonl\ntags:\n- softq4j\n- inverse-soft-q-learning\n- arxiv:2409.01369\n"
                + "pipeline_tag: text-generation\n---\n\n# gpt2, 7,760 parameters, inverse soft-Q-learning\n"), card);
        for (String part : List.of("AutoModelForCausalLM.from_pretrained(\"MODEL\")", "softq generate MODEL --prompt",
                "Eq. 14 of [arXiv 2409.01369](https://arxiv.org/abs/2409.01369) |\n", "| lambda, gamma, tau | 0.1, 1.0, 1.0 |\n",
                "| start | fresh weights, seed 42 |\n", "| data | c.jsonl: 60 examples, 552 tokens, 228 of them scored |\n",
                "| command | `softq train --config softq.yaml --data DATA --out RUN` |\n", "| rows in an update | 8 of up to 16 tokens |\n")) {
            assertTrue(card.contains(part), part + " is not in " + card);
        }
        List<String> lines = Files.readAllLines(TINY.resolve("run/metrics.jsonl"));
        double nll = JSON.readTree(lines.get(lines.size() - 1)).get("eval_nll").asDouble();
        assertTrue(card.contains(String.format(Locale.ROOT, " | %.4f | ", nll)) && card.contains(String.format(Locale.ROOT, " | %.4g |\n",
                Math.exp(nll))), card);
        assertFalse(card.contains(TINY.toString()), "paths of this machine: " + card);
    }

    @Test
    void theCardNamesTheBaseModelWhereItsFilesDo() throws IOException {
        Path config = model.resolve("config.json");
        ObjectNode named = ((ObjectNode) JSON.readTree(config.toFile())).put("_name_or_path", "org/tiny-base");
        Files.writeString(config, named.toString());
        succeed(train("tuned", "--model", model, "--set", "objective.lambda=0", "--set", "training.learning_rate=1e-5"));
        String card = Files.readString(directory.resolve("tuned/model/README.md"));
        assertTrue(card.startsWith("---\nlibrary_name: transformers\nbase_model: org/tiny-base\n"), card);
        assertTrue(card.contains("\ntags:\n- softq4j\n- sft\npipeline_tag") && card.contains("by maximum likelihood from org/tiny-base.\n")
                && card.contains(" --model BASE --out RUN`") && card.contains("| optimiser | AdamW, learning rate 1e-05, weight decay 0.0 |\n"), card);
    }

    @Test
    void rowsLongerThanTheContextAreAnnouncedBeforeTraining() {
        String err = TinyRun.succeed(TinyRun.in(TINY).run("train", "-c", "tiny.yaml", "--data", "data", "--out", directory.resolve("run").toString(),
                "--set", "training.max_steps=1", "--set", "model.n_positions=10")).err();
        assertEquals(2, err.split("training.max_length is 1024, the model's context holds 10 \\(n_positions\\)", -1).length, err);
    }
}
