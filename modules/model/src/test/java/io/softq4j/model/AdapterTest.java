package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.machine.Memory;
import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters in PEFT's files, on the tiny GPT-2: layers of 12 and 36, and 12 and 48. */
class AdapterTest {

    private static final int[] IDS = {3, 1, 4, 1, 5, 9};

    /** As PEFT 0.15 writes it. */
    private static final String PEFT = """
            {"alpha_pattern": {}, "auto_mapping": null, "base_model_name_or_path": "base", "bias": "none", "corda_config": null, "eva_config": null,
             "exclude_modules": null, "fan_in_fan_out": true, "inference_mode": true, "init_lora_weights": true, "layer_replication": null,
             "layers_pattern": null, "layers_to_transform": null, "loftq_config": {}, "lora_alpha": 8, "lora_bias": false, "lora_dropout": 0.05,
             "megatron_config": null, "megatron_core": "megatron.core", "modules_to_save": null, "peft_type": "LORA", "r": 2, "rank_pattern": {},
             "revision": null, "target_modules": ["c_attn"], "task_type": "CAUSAL_LM", "trainable_token_indices": null, "use_dora": false,
             "use_rslora": false}
            """;

    @TempDir
    private Path directory;
    private final LanguageModel model = Models.tiny();

    @BeforeEach
    void write() throws IOException {
        Files.writeString(directory.resolve("adapter_config.json"), PEFT);
        Safetensors.write(directory.resolve("adapter_model.safetensors"), tensors(2));
    }

    /** Of the first block's query, key and value. */
    private static List<Tensor> tensors(int r) {
        Random random = new Random(4);
        String layer = "base_model.model.transformer.h.0.attn.c_attn.lora_";
        return List.of(tensor(layer + "A.weight", r, 12, random), tensor(layer + "B.weight", 36, r, random));
    }

    private static Tensor tensor(String name, int rows, int columns, Random random) {
        FloatBuffer values = FloatBuffer.allocate(rows * columns);
        for (int i = 0; i < values.capacity(); i++) {
            values.put(i, (float) random.nextGaussian());
        }
        return new Tensor(name, List.of(rows, columns), values);
    }

    /** W + 4 (B A)^T by hand: the weight of GPT-2 is [in, out]. */
    @ParameterizedTest
    @CsvSource({"false, 4", "true, 5.656854249492381"})
    void itAddsTheScaledProductToTheWeightAsItIsStored(boolean rankStabilised, double scaling) throws IOException {
        Files.writeString(directory.resolve("adapter_config.json"), PEFT.replace("\"use_rslora\": false", "\"use_rslora\": "
                + rankStabilised));
        double[] expected = Models.weights(model).get("transformer.h.0.attn.c_attn.weight");
        FloatBuffer a = tensors(2).get(0).values();
        FloatBuffer b = tensors(2).get(1).values();
        for (int i = 0; i < 12; i++) {
            for (int o = 0; o < 36; o++) {
                expected[i * 36 + o] += scaling * ((double) b.get(2 * o) * a.get(i) + (double) b.get(2 * o + 1) * a.get(12 + i));
            }
        }
        Map<String, double[]> before = Models.weights(model);
        Adapter.read(directory, model).merge(model);
        Map<String, double[]> after = Models.weights(model);
        assertArrayEquals(expected, after.remove("transformer.h.0.attn.c_attn.weight"), 1e-6);
        after.forEach((name, values) -> assertArrayEquals(before.get(name), values, name));
    }

    @Test
    void whatIsSavedIsReadBackToTheByte() throws IOException {
        TuningConfig tuning = TuningConfig.defaults().with(c -> c.usePeft(true).loraR(2).loraAlpha(3).loraDropout(0.1)
                .loraTargetModules(List.of("c_fc", "attn.c_proj")));
        Path base = Files.createDirectory(directory.resolve("base"));
        model.writeConfig(base, 0, 0);
        Safetensors.write(base.resolve("model.safetensors"), model.tensors());
        try (LanguageModel tuned = LanguageModel.load(base, Lowering.FUSED, tuning, 5)) {
            Random random = new Random(6);
            tuned.graph().parameters().forEach(name -> Memory.fill(tuned.array(name), random::nextGaussian));
            save(tuned, base);
            byte[] saved = Files.readAllBytes(directory.resolve("adapter_model.safetensors"));
            Adapter.read(directory, model).merge(model);
            Gpt2Test.assertClose(Models.logits(tuned.graph(), IDS, 0, 0), Models.logits(model.graph(), IDS, 0, 0), 2e-5);
            try (LanguageModel other = LanguageModel.load(base, Lowering.FUSED, tuning, 6);
                    Safetensors file = Safetensors.open(directory.resolve("adapter_model.safetensors"))) {
                for (String name : other.graph().parameters()) {
                    file.read("base_model.model." + name, file.info("base_model.model." + name).shape(), Memory.floats(other.array(name)));
                }
                save(other, base);
            }
            assertArrayEquals(saved, Files.readAllBytes(directory.resolve("adapter_model.safetensors")));
        }
        AdapterConfig config = AdapterConfig.read(directory);
        assertEquals(2, config.r());
        assertEquals(1.5, config.scaling());
        assertEquals(base, config.baseDirectory(directory));
    }

    private void save(LanguageModel tuned, Path base) throws IOException {
        tuned.writeAdapterConfig(directory, base);
        List<Tensor> tensors = new ArrayList<>();
        for (String name : tuned.graph().parameters()) {
            List<Integer> shape = Stream.of(0, 1).map(axis -> (int) tuned.array(name).size(axis)).toList();
            tensors.add(new Tensor("base_model.model." + name, shape, Memory.floats(tuned.array(name))));
        }
        Safetensors.write(directory.resolve("adapter_model.safetensors"), tensors);
    }

    /** The fields PEFT needs to build the adapter, with its types. */
    @Test
    void theConfigurationIsPefts() throws IOException {
        assertEquals("{\"auto_mapping\":null,\"base_model_name_or_path\":\"x/base\",\"bias\":\"none\",\"fan_in_fan_out\":true,"
                + "\"inference_mode\":true,\"init_lora_weights\":true,\"lora_alpha\":6,\"lora_dropout\":0.1,\"modules_to_save\":null,"
                + "\"peft_type\":\"LORA\",\"r\":2,\"target_modules\":[\"c_attn\",\"c_fc\",\"c_proj\"],\"task_type\":\"CAUSAL_LM\",\"use_dora\":false,\"use_rslora\":false}",
                written(6, TuningConfig.ALL_LINEAR).toString());
        assertEquals("[\"c_fc\",\"attn.c_proj\"]", written(6, "c_fc", "attn.c_proj").get("target_modules").toString());
        assertEquals("[\"c_fc\"]", written(6, "c_fc").get("target_modules").toString());
        ObjectNode expression = written(0.5, ".*\\.0\\..*");
        assertEquals("\".*\\\\.0\\\\..*\"", expression.get("target_modules").toString());
        assertEquals("0.5", expression.get("lora_alpha").toString());
    }

    private ObjectNode written(double alpha, String... targets) throws IOException {
        TuningConfig tuning = TuningConfig.defaults().with(c -> c.usePeft(true).loraR(2).loraAlpha(alpha).loraDropout(0.1)
                .loraTargetModules(List.of(targets)));
        try (LanguageModel tuned = LanguageModel.create(Models.TINY, 1, Lowering.FUSED, tuning)) {
            tuned.writeAdapterConfig(directory, Path.of("x/base"));
            return (ObjectNode) new ObjectMapper().readTree(directory.resolve("adapter_config.json").toFile());
        }
    }

    @Test
    void theBaseIsFoundFromHereOrFromTheAdapter() throws IOException {
        String message = assertThrows(UserError.class, () -> AdapterConfig.read(directory).baseDirectory(directory)).getMessage();
        assertTrue(message.startsWith("the base of the adapter " + directory + " is not there: base_model_name_or_path of "
                + directory.resolve("adapter_config.json") + " is 'base', which is not a directory from "), message);
        Path base = Files.createDirectory(directory.resolve("base"));
        assertEquals(base, AdapterConfig.read(directory).baseDirectory(directory));
        Files.writeString(directory.resolve("adapter_config.json"), PEFT.replace("\"base\"", "null"));
        message = assertThrows(UserError.class, () -> AdapterConfig.read(directory).baseDirectory(directory)).getMessage();
        assertTrue(message.contains("has no base_model_name_or_path: it does not say which model the adapter belongs to."), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"use_dora\": false | \"use_dora\": true | use_dora is true, which is not supported; without it another model would be computed.",
        "\"rank_pattern\": {} | \"rank_pattern\": {\"c_fc\": 4} | rank_pattern is {\"c_fc\":4}, which is not supported",
        "\"alpha_pattern\": {} | \"alpha_pattern\": {\"c_fc\": 4} | alpha_pattern is {\"c_fc\":4}, which is not supported",
        "\"modules_to_save\": null | \"modules_to_save\": [\"lm_head\"] | modules_to_save is [\"lm_head\"], which is not supported",
        "\"lora_bias\": false | \"lora_bias\": true | lora_bias is true, which is not supported",
        "\"bias\": \"none\" | \"bias\": \"all\" | bias is \"all\", only none is supported; another value would compute another model.",
        "\"peft_type\": \"LORA\" | \"peft_type\": \"IA3\" | peft_type is \"IA3\", only LORA is supported",
        "\"init_lora_weights\": true | \"init_lora_weights\": \"pissa\" | init_lora_weights is 'pissa', which changes the base too",
        "\"r\": 2 | \"r\": 0 | r must be at least 1, was 0",
        "\"lora_alpha\": 8, | '' | lora_alpha is missing.",
        "\"r\": 2 | \"r\": 2, | is not valid JSON"})
    void whatComputesAnotherModelIsRefusedByName(String from, String to, String message) throws IOException {
        assertTrue(PEFT.contains(from));
        Path file = Files.writeString(directory.resolve("adapter_config.json"), PEFT.replace(from, to));
        String seen = assertThrows(UserError.class, () -> Adapter.read(directory, model)).getMessage();
        assertTrue(seen.startsWith(file.toString()) && seen.contains(message), seen);
    }

    private String refusal(List<Tensor> tensors) {
        Path file = directory.resolve("adapter_model.safetensors");
        Safetensors.write(file, tensors);
        String seen = assertThrows(UserError.class, () -> Adapter.read(directory, model)).getMessage();
        assertTrue(seen.startsWith(file.toString()), seen);
        return seen.substring(file.toString().length());
    }

    @Test
    void tensorsOfAnotherModelAreNamed() throws IOException {
        Random random = new Random(1);
        List<Tensor> more = new ArrayList<>(tensors(2));
        more.add(tensor("base_model.model.transformer.h.7.attn.c_attn.lora_A.weight", 2, 12, random));
        assertEquals(" has 1 tensors the model has no place for, such as 'base_model.model.transformer.h.7.attn.c_attn.lora_A.weight'. "
                + "The nearest "
                + "it has is 'base_model.model.transformer.h.0.attn.c_attn.lora_A.weight'. The adapter belongs to another model, or "
                + "adapts what is "
                + "no linear layer.",
                refusal(more));
        assertTrue(refusal(tensors(3)).contains("tensor 'base_model.model.transformer.h.0.attn.c_attn.lora_A.weight' has shape [3, 12], "
                + "the model "
                + "needs [2, 12]"));
        assertTrue(refusal(tensors(2).subList(0, 1)).contains(" has no tensor 'base_model.model.transformer.h.0.attn.c_attn.lora_B.weight'"));
        assertTrue(refusal(List.of()).contains(" has no tensor: the adapter was saved empty."));
        Files.delete(directory.resolve("adapter_model.safetensors"));
        Files.createFile(directory.resolve("adapter_model.bin"));
        String message = assertThrows(UserError.class, () -> Adapter.read(directory, model)).getMessage();
        assertTrue(message.startsWith(directory + " has its weights as adapter_model.bin, PyTorch's pickle format"), message);
    }
}
