package io.softq4j.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.softq4j.graph.Lowering;
import io.softq4j.model.Adapter;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.LlamaConfig;
import io.softq4j.model.LlamaVariant;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.Models;
import io.softq4j.model.TuningConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A model with adapters decodes over its cache what it decodes when they are merged into its weights. */
class AdapterDecodingTest {

    private static final TuningConfig LORA = TuningConfig.defaults().with(c -> c.usePeft(true).loraR(2).loraAlpha(5)
            .loraTargetModules(List.of(TuningConfig.ALL_LINEAR)));

    @TempDir
    private Path directory;

    private static Stream<ModelConfig> configs() {
        return Stream.of(Gpt2Config.defaults().with(c -> c.vocabSize(7).nPositions(8).nEmbd(6).nLayer(1).nHead(2).initializerRange(0.4)),
                LlamaConfig.defaults().with(c -> c.variant(LlamaVariant.QWEN2).vocabSize(7).maxPositionEmbeddings(16).hiddenSize(6)
                        .intermediateSize(5).numHiddenLayers(1).numAttentionHeads(4).numKeyValueHeads(2).headDim(2).rmsNormEps(1e-5)
                        .ropeTheta(100).tieWordEmbeddings(true).initializerRange(0.4)));
    }

    private LanguageModel load(TuningConfig tuning) {
        return LanguageModel.load(directory, Lowering.FUSED, tuning, 7);
    }

    @ParameterizedTest
    @MethodSource("configs")
    void adaptersDecodeStepByStepAsTheyComputeWholeSequences(ModelConfig config) throws IOException {
        Models.save(config, directory);
        try (LanguageModel tuned = load(LORA); LanguageModel merged = load(TuningConfig.defaults())) {
            Models.trainAdapters(tuned);
            Adapter.of(tuned).merge(merged);
            GenerationConfig greedy = GenerationConfig.greedy(6);
            List<Completion> own = continuation(tuned, greedy);
            assertArrayEquals(own.get(0).ids(), continuation(merged, greedy).get(0).ids());
        }
    }

    private static List<Completion> continuation(LanguageModel model, GenerationConfig config) {
        try (Generator generator = new Generator(DecodingSession.of(model, 8, 2, Lowering.best()), Set.of(), tokens -> "")) {
            return generator.generate(List.of(new int[] {3, 1}), config, n -> { }).get(0);
        }
    }
}
