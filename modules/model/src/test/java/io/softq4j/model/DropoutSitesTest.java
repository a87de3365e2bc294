package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.kernel.Dropout;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Elements are dropped by the number of the place: two places with one number would lose the same elements. */
class DropoutSitesTest {

    private static final TuningConfig RESIDUAL = TuningConfig.defaults().with(c -> c.loraR(2).loraAlpha(4).dropout(0.1));
    private static final TuningConfig ADAPTERS = TuningConfig.defaults().with(c -> c.usePeft(true).loraR(2).loraAlpha(4).loraDropout(0.1));

    private static Stream<Arguments> families() {
        RopeScaling none = new RopeScaling.None();
        return Stream.of(
                Arguments.of(Gpt2Config.defaults().with(c -> c.vocabSize(7).nPositions(8).nEmbd(4).nLayer(2).nHead(2)
                        .initializerRange(0.1)), 1 + 2 * 2, 2 * 4),
                Arguments.of(LlamaConfig.defaults().with(c -> c.vocabSize(7).maxPositionEmbeddings(8).hiddenSize(4).intermediateSize(6)
                        .numHiddenLayers(2).numAttentionHeads(2).numKeyValueHeads(1).headDim(2).ropeTheta(100).ropeScaling(none)
                        .tieWordEmbeddings(true).initializerRange(0.1)), 1 + 2 * 2, 2 * 7),
                Arguments.of(GptNeoXConfig.defaults().with(c -> c.vocabSize(7).maxPositionEmbeddings(8).hiddenSize(4).intermediateSize(6)
                        .numHiddenLayers(2).numAttentionHeads(1).rotaryPct(0.5).rotaryEmbBase(100).ropeScaling(none)
                        .tieWordEmbeddings(true).initializerRange(0.1)), 1 + 2 * 2, 2 * 4),
                Arguments.of(T5Config.defaults().with(c -> c.vocabSize(7).dModel(4).dKv(2).dFf(6).numLayers(1).numDecoderLayers(1)
                        .numHeads(2).relativeAttentionNumBuckets(4).relativeAttentionMaxDistance(8)), 2 + 2 + 3, 6 + 10));
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
        return LanguageModel.outline(config, Lowering.FUSED, tuning).graph().getOps().values().stream().filter(op ->
                op.getOp() instanceof Dropout)
                .map(op -> ((Dropout) op.getOp()).iArgs()[0]);
    }
}
