package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class T5LoadingTest {

    @TempDir
    private Path directory;

    private static Stream<T5Checkpoint> checkpoints() {
        return T5Checkpoint.ALL.stream();
    }

    private Path weights() {
        return directory.resolve("model.safetensors");
    }

    private LanguageModel load() {
        return LanguageModel.load(directory, Lowering.FUSED);
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void loadedAndSavedKeepsEveryByteOfTheWeights(T5Checkpoint checkpoint) throws IOException {
        checkpoint.write(directory);
        byte[] before = Files.readAllBytes(weights());
        LanguageModel model = load();
        List<Tensor> tensors = new ArrayList<>();
        for (String name : model.graph().parameters()) {
            INDArray array = model.graph().graph().getVariable(name).getArr();
            tensors.add(new Tensor(name, Arrays.stream(array.shape()).mapToObj(Math::toIntExact).toList(), Memory.floats(array)));
        }
        Safetensors.write(weights(), tensors);
        assertArrayEquals(before, Files.readAllBytes(weights()));
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void theWrittenConfigurationIsTheOneThatWasRead(T5Checkpoint checkpoint) throws IOException {
        checkpoint.write(directory);
        LanguageModel model = load();
        model.writeConfig(directory, 1, 1);
        assertEquals(model.config(), ModelConfig.read(directory));
        String written = Files.readString(directory.resolve("config.json"));
        for (String field : List.of("\"eos_token_id\" : 1", "\"decoder_start_token_id\" : 0", "\"is_encoder_decoder\" : true",
                "\"is_gated_act\" : " + checkpoint.gated())) {
            assertTrue(written.contains(field), written);
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void theOutlineHasTheParametersOfTheModel(T5Checkpoint checkpoint) throws IOException {
        checkpoint.write(directory);
        assertEquals(load().graph().parameters(), LanguageModel.outline(ModelConfig.read(directory), Lowering.FUSED).parameters());
    }

    @Test
    void tensorsThatHoldNothingToLearnAreLeftOut() throws IOException {
        T5Checkpoint checkpoint = T5Checkpoint.T5;
        checkpoint.write(directory);
        List<Tensor> tensors = new ArrayList<>(checkpoint.tensors());
        for (String name : List.of("encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight")) {
            tensors.add(new Tensor(name, List.of(11, 12), checkpoint.tensors().get(0).values()));
        }
        tensors.add(new Tensor("decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight", List.of(8, 3),
                FloatBuffer.allocate(24)));
        Safetensors.write(weights(), tensors);
        assertEquals(checkpoint.weights().size(), load().graph().parameters().size());
    }

    @Test
    void weightsOfAnotherModelAreRefusedByName() throws IOException {
        T5Checkpoint.FLAN.write(directory);
        List<Tensor> all = new ArrayList<>(T5Checkpoint.FLAN.tensors());
        Safetensors.write(weights(), all.subList(0, all.size() - 1));
        assertWeightsRefused("tensor 'lm_head.weight' of shape [11, 12] is missing");
        all.add(new Tensor("encoder.block.1.layer.0.SelfAttention.relative_attention_bias.weight", List.of(16, 2),
                FloatBuffer.allocate(32)));
        Safetensors.write(weights(), all);
        assertWeightsRefused("tensor 'encoder.block.1.layer.0.SelfAttention.relative_attention_bias.weight' of shape [16, 2] has no place "
                + "in the model");
        Safetensors.write(weights(), T5Checkpoint.T5.tensors());
        assertWeightsRefused("tensor 'encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight' has shape [8, 3], the model "
                + "needs [16, 2]");
    }

    private void assertWeightsRefused(String message) {
        String seen = assertThrows(UserError.class, this::load).getMessage();
        assertTrue(seen.contains(message), seen);
    }

    private void assertRefused(T5Checkpoint checkpoint, String from, String to, String message) throws IOException {
        String config = checkpoint.config();
        assertTrue(config.contains(from), config);
        Files.writeString(directory.resolve("config.json"), config.replace(from, to));
        assertEquals(directory.resolve("config.json") + ": " + message,
                assertThrows(UserError.class, () -> ModelConfig.read(directory)).getMessage());
    }

    @Test
    void configurationsThatComputeAnotherModelAreRefusedByTheNameOfTheField() throws IOException {
        String other = " is supported; another value would compute another model.";
        assertRefused(T5Checkpoint.FLAN, "\"gated-gelu\"", "\"gated-silu\"", "feed_forward_proj is \"gated-silu\", only relu or gated-gelu"
                + other);
        assertRefused(T5Checkpoint.FLAN, "\"gelu_new\"", "\"silu\"", "dense_act_fn is \"silu\", only gelu_new" + other);
        assertRefused(T5Checkpoint.FLAN, "\"is_gated_act\": true", "\"is_gated_act\": false", "is_gated_act is false, only true" + other);
        assertRefused(T5Checkpoint.T5, "\"is_encoder_decoder\": true", "\"is_encoder_decoder\": false",
                "is_encoder_decoder is false, only true" + other);
        for (String field : List.of("tie_encoder_decoder", "is_decoder", "scalable_attention")) {
            assertRefused(T5Checkpoint.T5, "\"use_cache\"", "\"" + field + "\": true, \"use_cache\"", field + " is true, only false"
                    + other);
        }
    }

    @Test
    void theScaleOfTransformers5SaysWhetherTheOutputLayerIsTied() throws IOException {
        T5Checkpoint.FLAN.write(directory);
        ModelConfig before = ModelConfig.read(directory);
        String config = Files.readString(directory.resolve("config.json"));
        Files.writeString(directory.resolve("config.json"), config.replace("\"tie_word_embeddings\": false",
                "\"tie_word_embeddings\": true, \"scale_decoder_outputs\": false"));
        assertEquals(before, ModelConfig.read(directory));
        assertFalse(config.equals(Files.readString(directory.resolve("config.json"))));
    }

    @Test
    void valuesOutOfRangeAreRefusedWithTheirKey() throws IOException {
        assertRefused(T5Checkpoint.T5, "num_buckets\": 8", "num_buckets\": 6", "relative_attention_num_buckets must be a positive "
                + "multiple of 4, since "
                + "the encoder has as many for keys on either side and half of those for one distance each; was 6");
        assertRefused(T5Checkpoint.T5, "max_distance\": 6", "max_distance\": 4", "relative_attention_max_distance must be above half of "
                + "relative_attention_num_buckets, since so many distances have a bucket each; was 4 with relative_attention_num_buckets 8");
        assertRefused(T5Checkpoint.T5, "\"decoder_start_token_id\": 0", "\"decoder_start_token_id\": 11",
                "decoder_start_token_id must be a token, from 0 to vocab_size - 1 = 10, was 11");
        assertRefused(T5Checkpoint.T5, "\"d_kv\": 4, ", "", "d_kv is missing or not a whole number.");
        assertRefused(T5Checkpoint.FLAN, "\"num_decoder_layers\": 1", "\"num_decoder_layers\": 0",
                "num_decoder_layers must be at least 1, was 0");
        assertRefused(T5Checkpoint.T5, "\"layer_norm_epsilon\": 1.0E-6", "\"layer_norm_epsilon\": 0",
                "layer_norm_epsilon must be a number above 0, was 0.0");
    }

    @Test
    void absentFieldsAreTheFamilysDefaults() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"t5\", \"vocab_size\": 11, \"d_model\": 12, \"d_kv\": 4, "
                + "\"d_ff\": 10, "
                + "\"num_layers\": 2, \"num_heads\": 3}");
        assertEquals(T5Config.defaults().with(c -> c.vocabSize(11).dModel(12).dKv(4).dFf(10).numLayers(2).numDecoderLayers(2).numHeads(3)),
                        ModelConfig.read(directory));
    }

    @Test
    void theLengthOfTrainingIsNoLimit() throws IOException {
        T5Checkpoint.T5.write(directory);
        assertTrue(T5Checkpoint.T5.config().contains("\"n_positions\": 4"));
        assertEquals(Integer.MAX_VALUE, ModelConfig.read(directory).contextLength());
    }
}
