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
        return new LlamaConfig(variant, 7, 16, 6, 5, 2, 4, 2, 2, 1e-5, 100, new RopeScaling.Linear(1.5), variant == LlamaVariant.QWEN2, 0.4);
    }

    /** Of Llama's variants one with biases and a tied output layer, one with norms of heads and an output layer of its own: the others have less. */
    private static Stream<ModelConfig> models() {
        return Stream.of(new Gpt2Config(7, 16, 6, 2, 3, 1e-5, 0.4), llama(LlamaVariant.QWEN2), llama(LlamaVariant.QWEN3),
                new GptNeoXConfig(7, 16, 8, 5, 2, 2, HiddenAct.GELU, 0.5, 100, new RopeScaling.None(), true, true, 1e-5, false, 0.4),
                new GptNeoXConfig(7, 16, 8, 5, 2, 2, HiddenAct.GELU_NEW, 1, 100, new RopeScaling.None(), false, false, 1e-5, true, 0.4));
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
