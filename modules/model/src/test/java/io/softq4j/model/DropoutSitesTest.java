package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.kernel.Dropout;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Elements are dropped by the number of the place: two places with one number would lose the same elements. */
class DropoutSitesTest {

    private static final TuningConfig RESIDUAL = new TuningConfig(false, 2, 4, 0, List.of(TuningConfig.ALL_LINEAR), List.of(), 0.1);
    private static final TuningConfig ADAPTERS = new TuningConfig(true, 2, 4, 0.1, List.of(TuningConfig.ALL_LINEAR), List.of(), 0);

    private static Stream<Arguments> families() {
        RopeScaling none = new RopeScaling.None();
        return Stream.of(
                Arguments.of(new Gpt2Config(7, 8, 4, 2, 2, 1e-5, 0.1), 1 + 2 * 2, 2 * 4),
                Arguments.of(new LlamaConfig(LlamaVariant.LLAMA, 7, 8, 4, 6, 2, 2, 1, 2, 1e-6, 100, none, true, 0.1), 1 + 2 * 2, 2 * 7),
                Arguments.of(new GptNeoXConfig(7, 8, 4, 6, 2, 1, HiddenAct.GELU, 0.5, 100, none, true, true, 1e-5, true, 0.1), 1 + 2 * 2, 2 * 4),
                Arguments.of(new T5Config(7, 4, 2, 6, 1, 1, 2, 4, 8, 1e-6, T5FeedForward.RELU, true, true, 0, 1, 0, 1), 2 + 2 + 3, 6 + 10));
    }

    /** @param residual embeddings and parts of layers @param linears layers with an adapter */
    @ParameterizedTest
    @MethodSource("families")
    void everyPlaceHasANumberOfItsOwn(ModelConfig config, int residual, int linears) {
        assertEquals(residual, sites(config, RESIDUAL).distinct().count());
        assertEquals(linears, sites(config, ADAPTERS).distinct().count());
        assertEquals(linears, sites(config, ADAPTERS).count());
    }

    private static Stream<Long> sites(ModelConfig config, TuningConfig tuning) {
        return LanguageModel.outline(config, Lowering.FUSED, tuning).graph().getOps().values().stream().filter(op -> op.getOp() instanceof Dropout)
                .map(op -> ((Dropout) op.getOp()).iArgs()[0]);
    }
}
