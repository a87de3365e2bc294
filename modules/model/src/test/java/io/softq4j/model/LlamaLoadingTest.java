package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.model.weights.DType;
import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.Tensor;
import io.softq4j.model.weights.WeightFiles;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaLoadingTest {

    @TempDir
    private Path directory;

    private Path weights() {
        return directory.resolve("model.safetensors");
    }

    @Test
    void shardsAreTheSameModelAsOneFile() throws IOException {
        LlamaCheckpoint.GROUPED.write(directory);
        byte[] whole = Files.readAllBytes(weights());
        Files.delete(weights());
        AtomicFiles.writeDirectory(directory.resolve("shards"), shards -> {
            Files.copy(directory.resolve("config.json"), shards.resolve("config.json"));
            WeightFiles.writeInto(shards, LlamaCheckpoint.GROUPED.tensors(), 2000, DType.F32);
        });
        assertTrue(Files.exists(directory.resolve("shards/model.safetensors.index.json")));
        LanguageModel model = LanguageModel.load(directory.resolve("shards"), Lowering.FUSED);
        Safetensors.write(weights(), Models.tensors(model));
        assertArrayEquals(whole, Files.readAllBytes(weights()));
    }

    @Test
    void tensorsThatHoldNothingToLearnAreLeftOut() throws IOException {
        LlamaCheckpoint.TIED.write(directory);
        List<Tensor> tensors = new ArrayList<>(LlamaCheckpoint.TIED.tensors());
        tensors.add(new Tensor("lm_head.weight", List.of(11, 12), LlamaCheckpoint.TIED.tensors().get(0).values()));
        tensors.add(new Tensor("model.layers.0.self_attn.rotary_emb.inv_freq", List.of(2), FloatBuffer.allocate(2)));
        Safetensors.write(weights(), tensors);
        assertEquals(LlamaCheckpoint.TIED.weights().size(), LanguageModel.load(directory, Lowering.FUSED).graph().parameters().size());
    }

    @Test
    void aModelSavedWithoutItsOutputLayerHasNamesWithoutPrefix() throws IOException {
        LlamaCheckpoint.QWEN2.write(directory);
        double[][] expected = Models.logits(LanguageModel.load(directory, Lowering.FUSED).graph(), new int[] {3, 1, 4}, 0, 0);
        Safetensors.write(weights(), LlamaCheckpoint.QWEN2.tensors().stream()
                .map(t -> new Tensor(t.name().substring("model.".length()), t.shape(), t.values())).toList());
        Gpt2Test.assertClose(expected, Models.logits(LanguageModel.load(directory, Lowering.FUSED).graph(), new int[] {3, 1, 4}, 0, 0), 0);
    }

    private String error() {
        return assertThrows(UserError.class, () -> LanguageModel.load(directory, Lowering.FUSED)).getMessage();
    }

    private void assertError(String part) {
        String message = error();
        assertTrue(message.contains(part), message);
    }

    @Test
    void weightsOfAnotherModelAreRefusedByTheNameOfTheTensor() throws IOException {
        LlamaCheckpoint.GROUPED.write(directory);
        List<Tensor> all = LlamaCheckpoint.GROUPED.tensors();
        Safetensors.write(weights(), all.stream().filter(t -> !t.name().equals("model.layers.1.mlp.up_proj.weight")).toList());
        assertError("tensor 'model.layers.1.mlp.up_proj.weight' of shape [10, 12] is missing");
        Safetensors.write(weights(), all.stream().filter(t -> !t.name().equals("lm_head.weight")).toList());
        assertError("tensor 'lm_head.weight' of shape [11, 12] is missing");
        List<Tensor> more = new ArrayList<>(all);
        more.add(new Tensor("model.layers.0.self_attn.q_proj.bias", List.of(12), FloatBuffer.allocate(12)));
        Safetensors.write(weights(), more);
        assertError("model.safetensors: tensor 'model.layers.0.self_attn.q_proj.bias' of shape [12] has no place in the model. Weights "
                + "and config.json "
                + "belong to different models, or");
        Safetensors.write(weights(), LlamaCheckpoint.LLAMA.tensors());
        assertError("tensor 'model.layers.0.self_attn.k_proj.weight' has shape [12, 12], the model needs [4, 12]");
        Safetensors.write(weights(), List.of(new Tensor("transformer.wte.weight", List.of(11, 12), FloatBuffer.allocate(132))));
        assertError("tensor 'embed_tokens.weight' of shape [11, 12] is missing; ");
    }

    private void assertRefused(LlamaCheckpoint checkpoint, String from, String to, String message) throws IOException {
        String config = checkpoint.config();
        assertTrue(config.contains(from), config);
        Files.writeString(directory.resolve("config.json"), config.replace(from, to));
        assertEquals(directory.resolve("config.json") + ": " + message,
                assertThrows(UserError.class, () -> ModelConfig.read(directory)).getMessage());
    }

    /** {@code fields} are put in front of the last brace. */
    private void assertFieldRefused(String field, String message) throws IOException {
        assertRefused(LlamaCheckpoint.TIED, "\"4.51.0\"}", "\"4.51.0\", " + field + "}", message);
    }

    @Test
    void configurationsThatComputeAnotherModelAreRefusedByTheNameOfTheField() throws IOException {
        String other = " is supported; another value would compute another model.";
        assertRefused(LlamaCheckpoint.LLAMA, "\"silu\"", "\"gelu\"", "hidden_act is \"gelu\", only silu or swish" + other);
        assertRefused(LlamaCheckpoint.LLAMA, "\"attention_bias\": false", "\"attention_bias\": true", "attention_bias is true, only false"
                + other);
        assertFieldRefused("\"mlp_bias\": true", "mlp_bias is true, only false" + other);
        assertFieldRefused("\"partial_rotary_factor\": 0.5", "partial_rotary_factor is 0.5, only 1.0" + other);
        assertFieldRefused("\"logits_scaling\": 8", "logits_scaling is 8, only 1.0" + other);
        assertFieldRefused("\"final_logit_softcapping\": 30.0", "final_logit_softcapping is 30.0, only null" + other);
        assertRefused(LlamaCheckpoint.QWEN3, "[\"full_attention\", ", "[\"sliding_attention\", ",
                "layer_types has \"sliding_attention\", only full_attention" + other);
        assertRefused(LlamaCheckpoint.LLAMA3, "\"llama3\"", "\"yarn\"", "rope_scaling.rope_type is \"yarn\", only default, linear or llama3"
                + other);
        assertRefused(LlamaCheckpoint.LINEAR, "\"linear\"", "\"dynamic\"", "rope_scaling.type is \"dynamic\", only default, linear "
                + "or llama3" + other);
    }

    @Test
    void aWindowThatIsShorterThanTheContextIsRefused() throws IOException {
        String refused = "sliding_window is 32 with max_position_embeddings 64; attention to a window of the context is not supported. Set "
                + "max_position_embeddings to 32 to use the model with that context: up to it both are the same.";
        assertRefused(LlamaCheckpoint.MISTRAL, "\"sliding_window\": null", "\"sliding_window\": 32", refused);
        Files.writeString(directory.resolve("long.json"), LlamaCheckpoint.MISTRAL.config().replace("\"max_position_embeddings\": 64",
                "\"max_position_embeddings\": 8192")
                .replace(", \"sliding_window\": null", ""));
        assertEquals(directory.resolve("long.json") + ": sliding_window is 4096 with max_position_embeddings 8192"
                + refused.substring(refused.indexOf(';')).replace("32", "4096"),
                assertThrows(UserError.class, () -> ModelConfig.read(directory.resolve("long.json"))).getMessage());
        Files.writeString(directory.resolve("config.json"), LlamaCheckpoint.MISTRAL.config().replace("\"sliding_window\": null",
                "\"sliding_window\": 64"));
        assertEquals(64, ModelConfig.read(directory).contextLength());
    }

    @Test
    void valuesOutOfRangeAreRefusedWithTheirKey() throws IOException {
        assertRefused(LlamaCheckpoint.GROUPED, "\"num_key_value_heads\": 2", "\"num_key_value_heads\": 4",
                "num_attention_heads must be a multiple of num_key_value_heads, was 6 with num_key_value_heads 4");
        assertRefused(LlamaCheckpoint.LLAMA, "\"num_attention_heads\": 3, ", "\"num_attention_heads\": 5, ",
                "hidden_size must be a multiple of num_attention_heads where there is no head_dim, was 12 with num_attention_heads 5");
        assertRefused(LlamaCheckpoint.QWEN3, "\"head_dim\": 8", "\"head_dim\": 7",
                "head_dim must be even, since rotary positions turn its elements in pairs; was 7");
        assertRefused(LlamaCheckpoint.LLAMA, "\"hidden_size\": 12, ", "", "hidden_size is missing or not a whole number.");
        assertRefused(LlamaCheckpoint.LLAMA, "\"rms_norm_eps\": 1.0E-5", "\"rms_norm_eps\": \"small\"",
                "rms_norm_eps must be a finite number, was \"small\"");
        assertRefused(LlamaCheckpoint.LINEAR, "\"factor\": 2.5", "\"factor\": 0.5", "rope_scaling.factor must be at least 1, was 0.5");
        assertRefused(LlamaCheckpoint.LLAMA3, "\"high_freq_factor\": 8.0", "\"high_freq_factor\": 1.0",
                "rope_scaling.low_freq_factor must be above 0 and below high_freq_factor, were 1.0 and 1.0");
    }

    @Test
    void absentFieldsAreTheFamilysDefaults() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"llama\", \"vocab_size\": 11, "
                + "\"max_position_embeddings\": 64, "
                + "\"hidden_size\": 12, \"intermediate_size\": 10, \"num_hidden_layers\": 2, \"num_attention_heads\": 3}");
        assertEquals(LlamaConfig.defaults().with(c -> c.vocabSize(11).maxPositionEmbeddings(64).hiddenSize(12).intermediateSize(10)
                .numHiddenLayers(2).numAttentionHeads(3).numKeyValueHeads(3).headDim(4)),
                ModelConfig.read(directory));
    }

    /** As transformers 5 writes them. */
    @Test
    void rotaryFieldsMayLieInAnObjectOfTheirOwn() throws IOException {
        String config = LlamaCheckpoint.LINEAR.config().replace("\"rope_theta\": 100.0, ", "")
                .replace("\"rope_scaling\": {\"type\"", "\"rope_parameters\": {\"rope_theta\": 100.0, \"rope_type\"");
        Files.writeString(directory.resolve("config.json"), LlamaCheckpoint.LINEAR.config());
        ModelConfig expected = ModelConfig.read(directory);
        Files.writeString(directory.resolve("config.json"), config);
        assertEquals(expected, ModelConfig.read(directory));
    }

    @Test
    void aTensorTooLargeForOneArrayIsRefused() {
        LlamaConfig large = LlamaConfig.defaults().with(c -> c.variant(LlamaVariant.QWEN2).vocabSize(152_064).maxPositionEmbeddings(64)
                .hiddenSize(3584).intermediateSize(8).numHiddenLayers(1).numAttentionHeads(28).numKeyValueHeads(4).ropeTheta(1e6)
                .tieWordEmbeddings(true));
        assertEquals("a tensor of the table of tokens takes 2179989504 bytes as float32 (vocab_size 152064, hidden_size 3584); one tensor "
                + "may take at most "
                + "2147483647. Choose a smaller size.",
                assertThrows(UserError.class, () -> LanguageModel.create(large, 1, Lowering.FUSED)).getMessage());
    }
}
