package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GptNeoXLoadingTest {

    private static final int[] IDS = {3, 1, 4};
    private static final String OTHER = " is supported; another value would compute another model.";

    @TempDir
    private Path directory;

    private Path weights() {
        return directory.resolve("model.safetensors");
    }

    private double[][] logits() {
        return Models.logits(LanguageModel.load(directory, Lowering.FUSED).graph(), IDS, 0, 0);
    }

    /** As the files of the first Pythia and of GPT-NeoX-20B. */
    @Test
    void masksAndFrequenciesOfOldFilesAreLeftOut() throws IOException {
        GptNeoXCheckpoint.PYTHIA.write(directory);
        double[][] expected = logits();
        List<Tensor> tensors = new ArrayList<>(GptNeoXCheckpoint.PYTHIA.tensors());
        for (int layer = 0; layer < GptNeoXCheckpoint.LAYERS; layer++) {
            String attention = "gpt_neox.layers." + layer + ".attention.";
            tensors.add(new Tensor(attention + "bias", List.of(1, 1, 64, 64), FloatBuffer.allocate(4096)));
            tensors.add(new Tensor(attention + "masked_bias", List.of(1), FloatBuffer.allocate(1)));
            tensors.add(new Tensor(attention + "rotary_emb.inv_freq", List.of(1), FloatBuffer.allocate(1)));
        }
        Safetensors.write(weights(), tensors);
        Gpt2Test.assertClose(expected, logits(), 0);
    }

    @Test
    void aTiedOutputLayerMayBeStoredAgainAndAnotherTensorMayNot() throws IOException {
        GptNeoXCheckpoint.TIED.write(directory);
        List<Tensor> tensors = new ArrayList<>(GptNeoXCheckpoint.TIED.tensors());
        tensors.add(new Tensor("embed_out.weight", List.of(11, 16), GptNeoXCheckpoint.TIED.tensors().get(0).values()));
        Safetensors.write(weights(), tensors);
        assertEquals(GptNeoXCheckpoint.TIED.weights().size(), LanguageModel.load(directory, Lowering.FUSED).graph().parameters().size());
        tensors.add(new Tensor("gpt_neox.layers.0.attention.dense.bias", List.of(16), FloatBuffer.allocate(16)));
        Safetensors.write(weights(), tensors);
        String message = assertThrows(UserError.class, this::logits).getMessage();
        assertTrue(message.contains("tensor 'gpt_neox.layers.0.attention.dense.bias' of shape [16] has no place in the model"), message);
    }

    @Test
    void aModelSavedWithoutItsOutputLayerHasNamesWithoutPrefix() throws IOException {
        GptNeoXCheckpoint.TIED.write(directory);
        double[][] expected = logits();
        Safetensors.write(weights(), GptNeoXCheckpoint.TIED.tensors().stream()
                .map(t -> new Tensor(t.name().substring("gpt_neox.".length()), t.shape(), t.values())).toList());
        Gpt2Test.assertClose(expected, logits(), 0);
    }

    private void assertRefused(GptNeoXCheckpoint checkpoint, String from, String to, String message) throws IOException {
        String config = checkpoint.config();
        assertTrue(config.contains(from), config);
        Files.writeString(directory.resolve("config.json"), config.replace(from, to));
        assertEquals(directory.resolve("config.json") + ": " + message,
                assertThrows(UserError.class, () -> ModelConfig.read(directory)).getMessage());
    }

    @Test
    void configurationsThatComputeAnotherModelAreRefusedByTheNameOfTheField() throws IOException {
        assertRefused(GptNeoXCheckpoint.PYTHIA, "\"gelu\"", "\"relu\"",
                "hidden_act is \"relu\", only gelu, gelu_python, gelu_new, gelu_fast, gelu_pytorch_tanh, gelu_python_tanh, gelu_accurate"
                + OTHER);
        assertRefused(GptNeoXCheckpoint.NEWER, "\"linear\"", "\"yarn\"",
                "rope_parameters.rope_type is \"yarn\", only default, linear or llama3" + OTHER);
        assertRefused(GptNeoXCheckpoint.PYTHIA, "\"use_cache\"", "\"num_key_value_heads\": 1, \"use_cache\"",
                "num_key_value_heads is 1, only null" + OTHER);
        assertRefused(GptNeoXCheckpoint.PYTHIA, "\"use_parallel_residual\": true", "\"use_parallel_residual\": \"yes\"",
                "use_parallel_residual must be true or false, was \"yes\"");
        assertRefused(GptNeoXCheckpoint.NEWER, "\"use_cache\"", "\"rotary_pct\": 1, \"use_cache\"",
                "rotary_pct is given twice with different values, {rope_parameters.partial_rotary_factor=0.5, rotary_pct=1.0}: keep the "
                + "one the "
                        + "model was trained with.");
    }

    @Test
    void valuesOutOfRangeAreRefusedWithTheirKey() throws IOException {
        assertRefused(GptNeoXCheckpoint.PYTHIA, "\"num_attention_heads\": 2", "\"num_attention_heads\": 3",
                "hidden_size must be a multiple of num_attention_heads, was 16 with num_attention_heads 3");
        assertRefused(GptNeoXCheckpoint.PYTHIA, "\"rotary_pct\": 0.25", "\"rotary_pct\": 1.5",
                "rotary_pct must be above 0 and at most 1, was 1.5");
        String turned = "rotary_pct must give an even number of turned dimensions whose half divides the width of a head, was ";
        assertRefused(GptNeoXCheckpoint.PYTHIA, "\"rotary_pct\": 0.25", "\"rotary_pct\": 0.4", turned + "0.4, which gives 3 of 8");
        assertRefused(GptNeoXCheckpoint.PYTHIA, "\"rotary_pct\": 0.25", "\"rotary_pct\": 0.75", turned + "0.75, which gives 6 of 8");
        assertRefused(GptNeoXCheckpoint.PYTHIA, "\"layer_norm_eps\": 1.0E-5", "\"layer_norm_eps\": 0",
                "layer_norm_eps must be a number above 0, was 0.0");
        assertRefused(GptNeoXCheckpoint.PYTHIA, "\"intermediate_size\": 20, ", "", "intermediate_size is missing or not a whole number.");
    }

    @Test
    void absentFieldsAreTheFamilysDefaults() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"gpt_neox\", \"vocab_size\": 11, "
                + "\"max_position_embeddings\": 64, "
                + "\"hidden_size\": 16, \"intermediate_size\": 20, \"num_hidden_layers\": 2, \"num_attention_heads\": 2}");
        assertEquals(GptNeoXConfig.defaults().with(c -> c.vocabSize(11).maxPositionEmbeddings(64).hiddenSize(16).intermediateSize(20)
                .numHiddenLayers(2).numAttentionHeads(2)),
                ModelConfig.read(directory));
    }
}
