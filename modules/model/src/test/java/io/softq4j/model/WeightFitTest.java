package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.Tensor;
import io.softq4j.model.weights.WeightFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the headers of the files tell of a checkpoint before anything of its size is there. */
class WeightFitTest {

    @TempDir
    private Path directory;

    private WeightFit fit() {
        try (WeightFiles files = WeightFiles.open(directory)) {
            return WeightFit.of(ModelConfig.read(directory), files);
        }
    }

    private Path weights() {
        return directory.resolve("model.safetensors");
    }

    @Test
    void aWholeCheckpointHasNoProblem() throws IOException {
        LlamaCheckpoint.GROUPED.write(directory);
        WeightFit fit = fit();
        assertEquals(List.of(), fit.problems());
        assertEquals(LlamaCheckpoint.GROUPED.weights().keySet(), fit.stored().keySet());
    }

    @Test
    void allProblemsAreFoundAtOnce() throws IOException {
        LlamaCheckpoint.GROUPED.write(directory);
        List<Tensor> tensors = new ArrayList<>(LlamaCheckpoint.GROUPED.tensors());
        tensors.removeIf(t -> t.name().equals("lm_head.weight") || t.name().equals("model.norm.weight"));
        tensors.add(new Tensor("model.norm.weight", List.of(13), FloatBuffer.allocate(13)));
        tensors.add(new Tensor("extra", List.of(2), FloatBuffer.allocate(2)));
        Safetensors.write(weights(), tensors);
        assertEquals(List.of(new WeightFit.Problem(WeightFit.Kind.WRONG_SHAPE, "model.norm.weight", weights(), "F32", List.of(13),
                List.of(12)),
                new WeightFit.Problem(WeightFit.Kind.MISSING, "lm_head.weight", null, null, null, List.of(11, 12)),
                new WeightFit.Problem(WeightFit.Kind.UNEXPECTED, "extra", weights(), "F32", List.of(2), null)), fit().problems());
        String message = assertThrows(UserError.class, () -> LanguageModel.load(directory, Lowering.FUSED)).getMessage();
        assertEquals("the weights in " + directory + " do not fit the model of its config.json: " + weights()
                + ": tensor 'model.norm.weight' has shape "
                + "[13], the model needs [12]; tensor 'lm_head.weight' of shape [11, 12] is missing; " + weights()
                + ": tensor 'extra' of shape [2] has "
                + "no place in the model. Weights and config.json belong to different models, or one of them was changed: copy or "
                + "download the "
                + "directory again.", message);
    }

    @Test
    void numbersThatAreNoWeightsAreNamedWithTheirType() throws IOException {
        LlamaCheckpoint.GROUPED.write(directory);
        retype("\"model.norm.weight\":{\"dtype\":\"F32\",\"shape\":[12]", "\"model.norm.weight\":{\"dtype\":\"I32\",\"shape\":[12]");
        assertEquals(List.of(WeightFit.Kind.WRONG_DTYPE), fit().problems().stream().map(WeightFit.Problem::kind).toList());
        String message = assertThrows(UserError.class, () -> LanguageModel.load(directory, Lowering.FUSED)).getMessage();
        assertTrue(message.endsWith("tensor 'model.norm.weight' is I32; readable as weights are F32, F16 and BF16. The checkpoint is "
                + "quantised, or this is "
                + "no weight: take the checkpoint before quantisation."), message);
    }

    /** Changes the header without changing its length. */
    private void retype(String from, String to) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(weights())).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) bytes.getLong(0);
        String header = new String(bytes.array(), 8, length, StandardCharsets.UTF_8);
        assertTrue(header.contains(from), header);
        bytes.position(8).put(header.replace(from, to).getBytes(StandardCharsets.UTF_8));
        Files.write(weights(), bytes.array());
    }

    /** A billion parameters are compared in an outline: their memory is never asked for. */
    @Test
    void aTensorTooLargeForOneArrayIsFoundBeforeAnythingIsAllocated() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"llama\", \"vocab_size\": 300000, "
                + "\"max_position_embeddings\": 64, "
                + "\"hidden_size\": 2048, \"intermediate_size\": 8, \"num_hidden_layers\": 1, \"num_attention_heads\": 2, "
                + "\"tie_word_embeddings\": true}");
        Path file = weights();
        byte[] header = ("{\"model.embed_tokens.weight\":{\"dtype\":\"BF16\",\"shape\":[300000,2048],\"data_offsets\":[0,1228800000]}}")
                .getBytes(StandardCharsets.UTF_8);
        try (var sparse = Files.newByteChannel(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            sparse.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, header.length));
            sparse.write(ByteBuffer.wrap(header));
            sparse.position(8 + header.length + 1_228_800_000L - 1);
            sparse.write(ByteBuffer.allocate(1));
        }
        WeightFit.Problem first = fit().problems().get(0);
        assertEquals(WeightFit.Kind.TOO_LARGE, first.kind());
        assertTrue(first.message().endsWith("tensor 'model.embed_tokens.weight' of shape [300000, 2048] takes more than 2147483647 bytes "
                + "as F32, the most "
                + "that one may take"), first.message());
    }

    @Test
    void parametersAreCountedWhereTheyAre() throws IOException {
        for (LlamaCheckpoint checkpoint : new LlamaCheckpoint[] {LlamaCheckpoint.GROUPED, LlamaCheckpoint.TIED, LlamaCheckpoint.QWEN3}) {
            checkpoint.write(directory);
            ModelConfig config = ModelConfig.read(directory);
            assertEquals(config.parameters(), ParameterCounts.of(config).total());
        }
        assertEquals(new ParameterCounts(11 * 12, ParameterCounts.of(config(LlamaCheckpoint.TIED)).layers(), 12, 0, 11 * 12),
                ParameterCounts.of(config(LlamaCheckpoint.TIED)));
        assertEquals(11 * 12, ParameterCounts.of(config(LlamaCheckpoint.GROUPED)).output());
        assertEquals(0, ParameterCounts.of(config(LlamaCheckpoint.GROUPED)).saved());
        ParameterCounts gpt2 = ParameterCounts.of(Gpt2Config.defaults().with(c -> c.vocabSize(7).nPositions(5).nEmbd(4).nLayer(2)
                .nHead(2)));
        assertEquals(new ParameterCounts((7 + 5) * 4, 2 * (12 * 16 + 13 * 4), 2 * 4, 0, 7 * 4), gpt2);
    }

    private ModelConfig config(LlamaCheckpoint checkpoint) throws IOException {
        checkpoint.write(directory);
        return ModelConfig.read(directory);
    }

    @Test
    void everyModelThatCanBeReadIsListed() {
        assertEquals(List.of("gpt2", "gpt_neox", "llama", "mistral", "qwen2", "qwen3", "t5"),
                SupportedModel.all().stream().map(SupportedModel::modelType).toList());
        assertEquals("LlamaForCausalLM",
                SupportedModel.of(LlamaConfig.defaults().with(c -> c.vocabSize(11).maxPositionEmbeddings(64).hiddenSize(12)
                        .intermediateSize(10).numHiddenLayers(2).numAttentionHeads(3).numKeyValueHeads(3).headDim(4))).architecture());
    }
}
