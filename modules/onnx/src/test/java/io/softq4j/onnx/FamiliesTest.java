package io.softq4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.softq4j.graph.Lowering;
import io.softq4j.model.DecoderGraph;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.GptNeoXConfig;
import io.softq4j.model.HiddenAct;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.LlamaConfig;
import io.softq4j.model.LlamaVariant;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.RopeScaling;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every family as ONNX: whole sequences through the gate, and one token at a time over a cache. */
class FamiliesTest {

    private static final int VOCABULARY = 29;
    private static final int CAPACITY = 9;
    private static final float HIDDEN = -1e9f;

    @TempDir
    private Path temporary;

    private static Stream<ModelConfig> models() {
        RopeScaling plain = new RopeScaling.None();
        return Stream.of(Gpt2Config.defaults().with(c -> c.vocabSize(VOCABULARY).nPositions(24).nEmbd(16).nLayer(2).nHead(2)
                .initializerRange(0.3)),
                llama(LlamaVariant.LLAMA, 4, 4, new RopeScaling.Llama3(8, 1, 4, 16)),
                llama(LlamaVariant.MISTRAL, 4, 2, new RopeScaling.Linear(2)),
                llama(LlamaVariant.QWEN2, 6, 2, plain),
                llama(LlamaVariant.QWEN3, 4, 1, plain),
                GptNeoXConfig.defaults().with(c -> c.vocabSize(VOCABULARY).maxPositionEmbeddings(24).hiddenSize(16).intermediateSize(20)
                        .numHiddenLayers(2).numAttentionHeads(2).ropeScaling(plain).initializerRange(0.3)),
                GptNeoXConfig.defaults().with(c -> c.vocabSize(VOCABULARY).maxPositionEmbeddings(24).hiddenSize(16).intermediateSize(20)
                        .numHiddenLayers(2).numAttentionHeads(4).hiddenAct(HiddenAct.GELU_NEW).rotaryPct(1).ropeScaling(plain)
                        .useParallelResidual(false).attentionBias(false).tieWordEmbeddings(true).initializerRange(0.3)));
    }

    private static LlamaConfig llama(LlamaVariant variant, int heads, int keyValueHeads, RopeScaling scaling) {
        return LlamaConfig.defaults().with(c -> c.variant(variant).vocabSize(VOCABULARY).maxPositionEmbeddings(24).hiddenSize(16)
                .intermediateSize(20).numHiddenLayers(2).numAttentionHeads(heads).numKeyValueHeads(keyValueHeads).headDim(4)
                .ropeScaling(scaling).tieWordEmbeddings(variant == LlamaVariant.QWEN2).initializerRange(0.3));
    }

    /** Biases and gains are random too. */
    private static LanguageModel model(ModelConfig config) {
        LanguageModel model = LanguageModel.create(config, 3, Lowering.FUSED);
        Random random = new Random(4);
        for (String name : model.graph().parameters()) {
            INDArray array = model.graph().graph().getVariable(name).getArr();
            for (long i = 0; array.rank() == 1 && i < array.length(); i++) {
                array.putScalar(i, array.getDouble(i) + 0.3 * random.nextGaussian());
            }
        }
        return model;
    }

    @ParameterizedTest
    @MethodSource("models")
    void theExportedModelComputesWhatTheFusedGraphComputes(ModelConfig config) {
        try (LanguageModel model = model(config)) {
            ParityReport report = OnnxExport.export(model.standardGraph(), model.graph(), temporary.resolve("onnx"),
                    OnnxOptions.of(config.modelType(), config.contextLength()));
            assertTrue(report.maxDifference() > 0 && report.maxDifference() < 2e-5, "was " + report.maxDifference());
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void theExportedStepGivesTheLogitsOfTheWholeSequence(ModelConfig config) throws IOException, OrtException {
        try (LanguageModel model = model(config); PlanScorer whole = new PlanScorer(model.graph())) {
            DecoderGraph decoder = model.standardDecoder();
            OnnxDecoder.write(decoder, temporary);
            TokenBatch batch = TokenBatch.plain(2, CAPACITY, new TokenText(new int[0], VOCABULARY), 5);
            float[] expected = whole.logits(batch);
            try (Steps steps = new Steps(temporary.resolve("model.onnx"), decoder)) {
                for (int t = 0; t < CAPACITY; t++) {
                    float[][] logits = steps.next(batch.ids()[0][t], batch.ids()[1][t]);
                    for (int row = 0; row < 2; row++) {
                        for (int token = 0; token < VOCABULARY; token++) {
                            assertEquals(expected[(row * CAPACITY + t) * VOCABULARY + token], logits[row][token], 2e-5, "row " + row
                                    + ", step " + t);
                        }
                    }
                }
            }
        }
    }

    /** Two sequences, a token of each at a time. */
    private static final class Steps implements AutoCloseable {

        private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
        private final OrtSession session;
        private final DecoderGraph decoder;
        private final float[] mask = new float[2 * CAPACITY];
        private final float[][] caches;
        private int length;

        Steps(Path file, DecoderGraph decoder) throws OrtException {
            session = environment.createSession(file.toString());
            this.decoder = decoder;
            caches = new float[decoder.caches().size()][2 * decoder.heads() * CAPACITY * decoder.width()];
            Arrays.fill(mask, HIDDEN);
        }

        float[][] next(int first, int second) throws OrtException {
            Map<String, OnnxTensor> inputs = new HashMap<>();
            inputs.put(DecoderGraph.TOKENS, ids(first, second));
            inputs.put(DecoderGraph.POSITIONS, ids(length, length));
            inputs.put(DecoderGraph.MASK, floats(mask, 2, 1, 1, CAPACITY));
            for (int i = 0; i < caches.length; i++) {
                inputs.put("past." + i, floats(caches[i], 2, decoder.heads(), CAPACITY, decoder.width()));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                for (int i = 0; i < caches.length; i++) {
                    store(caches[i], ((OnnxTensor) result.get("present." + i).orElseThrow()).getFloatBuffer());
                }
                mask[length] = 0;
                mask[CAPACITY + length] = 0;
                length++;
                return (float[][]) result.get(OnnxExporter.LOGITS).orElseThrow().getValue();
            } finally {
                inputs.values().forEach(OnnxTensor::close);
            }
        }

        /** Row and head by row and head, present {@code [2, G, 1, K]} to its place in {@code [2, G, C, K]}. */
        private void store(float[] cache, FloatBuffer present) {
            for (int lane = 0; lane < 2 * decoder.heads(); lane++) {
                present.get(lane * decoder.width(), cache, (lane * CAPACITY + length) * decoder.width(), decoder.width());
            }
        }

        private OnnxTensor ids(long... values) throws OrtException {
            return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), new long[] {2});
        }

        private OnnxTensor floats(float[] values, long... shape) throws OrtException {
            return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
        }

        @Override
        public void close() throws OrtException {
            session.close();
        }
    }
}
