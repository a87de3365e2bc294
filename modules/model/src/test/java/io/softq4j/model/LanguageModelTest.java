package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.machine.Memory;
import io.softq4j.model.weights.DType;
import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class LanguageModelTest {

    private static final int[] IDS = {3, 1, 4, 1, 5};

    @TempDir
    Path directory;

    private static List<Tensor> tensors(LanguageModel model, String dropPrefix) {
        List<Tensor> tensors = new ArrayList<>();
        for (String name : model.graph().parameters()) {
            INDArray array = model.graph().graph().getVariable(name).getArr();
            List<Integer> shape = Arrays.stream(array.shape()).mapToObj(Math::toIntExact).toList();
            tensors.add(new Tensor(name.substring(name.startsWith(dropPrefix) ? dropPrefix.length() : 0), shape, Memory.floats(array)));
        }
        return tensors;
    }

    private LanguageModel save(String dropPrefix) throws IOException {
        LanguageModel model = Models.tiny();
        Safetensors.write(directory.resolve("model.safetensors"), tensors(model, dropPrefix));
        model.writeConfig(directory, 0, 0);
        return model;
    }

    @Test
    void savedAndLoadedGivesTheSameBits() throws IOException {
        for (String dropPrefix : List.of("", "transformer.")) {
            LanguageModel model = save(dropPrefix);
            LanguageModel loaded = LanguageModel.load(directory, Lowering.FUSED);
            assertEquals(model.config(), loaded.config());
            Gpt2Test.assertClose(Models.logits(model.graph(), IDS, 0, 0), Models.logits(loaded.graph(), IDS, 0, 0), 0);
        }
    }

    @Test
    void standardGraphSharesTheWeights() {
        LanguageModel model = Models.tiny();
        ModelGraph standard = model.standardGraph();
        model.graph().graph().getVariable("transformer.ln_f.bias").getArr().addi(1);
        Gpt2Test.assertClose(Models.logits(model.graph(), IDS, 0, 0), Models.logits(standard, IDS, 0, 0), 2e-5);
    }

    @Test
    void closingFreesTheWeights() throws IOException {
        save("");
        for (LanguageModel model : List.of(Models.tiny(), LanguageModel.load(directory, Lowering.FUSED))) {
            List<INDArray> weights = model.graph().parameters().stream().map(name -> model.graph().graph().getVariable(name).getArr())
                    .toList();
            model.close();
            assertTrue(weights.stream().allMatch(INDArray::wasClosed));
        }
    }

    @Test
    void configurationsThatComputeAnotherModelAreRefused() throws IOException {
        save("");
        assertRefused("\"activation_function\" : \"gelu_new\"", "\"activation_function\" : \"relu\"",
                "activation_function is \"relu\", only gelu_new, gelu_fast, gelu_pytorch_tanh, gelu_python_tanh, gelu_accurate is "
                + "supported");
        assertRefused("\"model_type\" : \"gpt2\"", "\"model_type\" : \"mamba\"",
                "model_type is 'mamba', only gpt2, gpt_neox, llama, mistral, qwen2, qwen3, t5 can be loaded");
        assertRefused("\"n_head\" : 3", "\"n_head\" : 5", "n_embd must be a multiple of n_head, was 12 with n_head 5");
        assertRefused("\"n_layer\" : 2", "\"n_layer\" : 1",
                "tensor 'transformer.h.1.attn.c_attn.bias' of shape [36] has no place in the model");
        assertRefused("\"n_layer\" : 2", "\"n_layer\" : 3", "tensor 'transformer.h.2.ln_1.weight' of shape [12] is missing");
        assertRefused("\"n_positions\" : 16", "\"n_positions\" : 8", "tensor 'transformer.wpe.weight' has shape [16, 12], the model needs "
                + "[8, 12]");
        assertRefused("\"n_layer\" : 2", "\"n_layer\" : 2,,", "is not valid JSON");
    }

    private void assertRefused(String from, String to, String message) throws IOException {
        Path config = directory.resolve("config.json");
        String good = Files.readString(config);
        assertTrue(good.contains(from), good);
        Files.writeString(config, good.replace(from, to));
        UserError error = assertThrows(UserError.class, () -> LanguageModel.load(directory, Lowering.FUSED));
        assertTrue(error.getMessage().contains(message), error.getMessage());
        Files.writeString(config, good);
    }

    @Test
    void weightsThatAreNoNumbersAreRefusedByTensorAndCount() throws IOException {
        LanguageModel model = save("");
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (DType dtype : List.of(DType.F32, DType.BF16)) {
                List<Tensor> tensors = tensors(model, "");
                Tensor broken = tensors.get(tensors.size() - 1);
                for (int i : new int[] {0, 4, broken.size() - 1}) {
                    broken.values().put(i, value);
                }
                Safetensors.write(directory.resolve("model.safetensors"), tensors, dtype);
                String message = assertThrows(UserError.class, () -> LanguageModel.load(directory, Lowering.FUSED)).getMessage();
                assertTrue(message.contains("tensor '" + broken.name() + "' has 3 of " + broken.size()
                        + " values that are NaN or infinite"), message);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"\"n_layer\" : 2 | \"n_layer\" : 2000000 | n_layer must be at most 1000, was 2000000",
        "\"n_embd\" : 12 | \"n_embd\" : 1000000000 | n_embd must be at most 1048576, was 1000000000",
        "\"n_positions\" : 16 | \"n_positions\" : 1000000000 | n_positions must be at most 268435456, was 1000000000",
        "\"vocab_size\" : 11 | \"vocab_size\" : 1000000000 | vocab_size must be at most 268435456, was 1000000000",
        "\"n_layer\" : 2 | \"n_layer\" : 900 | n_layer says 900 layers, and the weights have 28 tensors",
        "\"n_embd\" : 12 | \"n_embd\" : 900000 | has shape [11, 12], the model needs [11, 900000]"})
    void sizesThatTheFilesCannotHaveAreRefusedAtOnce(String from, String to, String message) throws IOException {
        save("");
        assertTimeout(Duration.ofSeconds(5), () -> assertRefused(from, to, message));
    }

    @Test
    void aDirectoryWithoutModelSaysWhereToLook() {
        UserError error = assertThrows(UserError.class, () -> LanguageModel.load(directory, Lowering.FUSED));
        assertEquals("no model in " + directory + ": it has no config.json. A finished run keeps its model in RUN/model, a checkpoint in "
                + "RUN/checkpoint-STEP.",
                error.getMessage());
    }
}
