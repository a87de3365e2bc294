package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Lowering;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/** Seeds that are neighbours begin as models that have nothing to do with each other. */
class FreshWeightsTest {

    private static float[] values(long seed, String name, boolean uniform) {
        Weights weights = Weights.fresh(seed, DataType.FLOAT);
        SameDiff graph = SameDiff.create();
        return (uniform ? weights.declareUniform(graph, name, 1, 128) : weights.declare(graph, name, 0, 1, 128)).getArr().toFloatVector();
    }

    /**
     * Weights and adapters of neighbouring seeds and of different tensors; three values in a row agree by chance in one of 10^20 places.
     */
    @Test
    void noTensorIsAnotherOneMovedByUpTo64Places() {
        Map<List<Float>, String> owner = new HashMap<>();
        List<String> tensors = new ArrayList<>();
        for (long seed = 0; seed < 16; seed++) {
            for (String name : List.of("h.0.attn.weight", "h.1.attn.weight", "h.0.attn.lora_A.weight")) {
                String tensor = name + " of seed " + seed;
                float[] values = values(seed, name, name.contains("lora"));
                for (int i = 0; i + 3 <= values.length; i++) {
                    String other = owner.putIfAbsent(List.of(values[i], values[i + 1], values[i + 2]), tensor);
                    assertTrue(other == null || other.equals(tensor), other + " and " + tensor);
                }
                tensors.add(tensor);
            }
        }
        assertTrue(tensors.size() * (tensors.size() - 1) / 2 > 1000);
    }

    static Stream<ModelConfig> families() {
        RopeScaling none = new RopeScaling.None();
        return Stream.of(Gpt2Config.defaults().with(c -> c.vocabSize(2000).nPositions(16).nEmbd(64).nLayer(2).nHead(2)),
                LlamaConfig.defaults().with(c -> c.vocabSize(2000).maxPositionEmbeddings(16).hiddenSize(64).intermediateSize(96)
                        .numHiddenLayers(2).numAttentionHeads(2).numKeyValueHeads(2).headDim(32).ropeScaling(none).tieWordEmbeddings(true)),
                LlamaConfig.defaults().with(c -> c.variant(LlamaVariant.QWEN2).vocabSize(2000).maxPositionEmbeddings(16).hiddenSize(64)
                        .intermediateSize(96).numHiddenLayers(2).numAttentionHeads(2).numKeyValueHeads(1).headDim(32).ropeScaling(none)),
                GptNeoXConfig.defaults().with(c -> c.vocabSize(2000).maxPositionEmbeddings(16).hiddenSize(64).intermediateSize(96)
                        .numHiddenLayers(2).numAttentionHeads(2).ropeScaling(none)));
    }

    @ParameterizedTest
    @MethodSource("families")
    void logitsOfFreshModelsOfNeighbouringSeedsAreUncorrelated(ModelConfig config) {
        double[][] logits = new double[3][];
        for (int seed = 1; seed <= 3; seed++) {
            LanguageModel model = LanguageModel.create(config, seed, Lowering.FUSED);
            double[][] rows = Models.logits(model.graph(), new int[] {3, 1, 4, 1, 5, 9, 2, 6}, 0, 0);
            logits[seed - 1] = Stream.of(rows).flatMapToDouble(Arrays::stream).toArray();
        }
        assertEquals(0, correlation(logits[0], logits[1]), 0.1, "seeds 1 and 2");
        assertEquals(0, correlation(logits[1], logits[2]), 0.1, "seeds 2 and 3");
        assertEquals(0, correlation(logits[0], logits[2]), 0.1, "seeds 1 and 3");
    }

    /** Pearson's, of values whose means are 0 by construction. */
    private static double correlation(double[] a, double[] b) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }
        return ab / Math.sqrt(aa * bb);
    }
}
