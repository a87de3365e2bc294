package io.softq4j.model;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients through the whole graph of a model of each family, over two packed sequences. */
class FamilyGradientTest {

    private static final int LENGTH = 7;

    private static final Map<String, int[]> INPUTS = Map.of(ModelGraph.INPUT_IDS, new int[] {3, 1, 4, 1, 5, 6, 2},
            ModelGraph.POSITION_IDS, new int[] {0, 1, 2, 3, 0, 1, 2}, ModelGraph.ATTENTION_MASK, new int[] {1, 1, 1, 1, 2, 2, 2});

    private static ModelConfig llama(LlamaVariant variant) {
        return LlamaConfig.defaults().with(c -> c.variant(variant).vocabSize(7).maxPositionEmbeddings(16).hiddenSize(6).intermediateSize(5)
                .numHiddenLayers(2).numAttentionHeads(4).numKeyValueHeads(2).headDim(2).rmsNormEps(1e-5).ropeTheta(100)
                .ropeScaling(new RopeScaling.Linear(1.5)).tieWordEmbeddings(variant == LlamaVariant.QWEN2).initializerRange(0.4));
    }

    /**
     * Of Llama's variants one with biases and a tied output layer, one with norms of heads and an output layer of its own: the others have
     * less.
     */
    private static Stream<ModelConfig> models() {
        return Stream.of(Gpt2Config.defaults().with(c -> c.vocabSize(7).nPositions(16).nEmbd(6).nLayer(2).nHead(3).initializerRange(0.4)),
                llama(LlamaVariant.QWEN2), llama(LlamaVariant.QWEN3),
                GptNeoXConfig.defaults().with(c -> c.vocabSize(7).maxPositionEmbeddings(16).hiddenSize(8).intermediateSize(5)
                        .numHiddenLayers(2).numAttentionHeads(2).rotaryPct(0.5).rotaryEmbBase(100).initializerRange(0.4)),
                GptNeoXConfig.defaults().with(c -> c.vocabSize(7).maxPositionEmbeddings(16).hiddenSize(8).intermediateSize(5)
                        .numHiddenLayers(2).numAttentionHeads(2).hiddenAct(HiddenAct.GELU_NEW).rotaryPct(1).rotaryEmbBase(100)
                        .useParallelResidual(false).attentionBias(false).tieWordEmbeddings(true).initializerRange(0.4)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void gradientsAreTheCentralDifferences(ModelConfig config) {
        GraphGradients.matchCentralDifferences(config, INPUTS, LENGTH);
    }

    @ParameterizedTest
    @MethodSource("models")
    void kernelsGiveTheSameGradients(ModelConfig config) {
        GraphGradients.matchKernels(config, INPUTS, LENGTH);
    }
}
