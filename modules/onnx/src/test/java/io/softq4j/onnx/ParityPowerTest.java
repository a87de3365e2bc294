package io.softq4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.AtomicFiles;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.machine.Memory;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.LlamaConfig;
import io.softq4j.model.weights.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the gate lets pass and what it does not: of models as they are made, and of one whose activations are as large as those of trained
 * ones.
 */
class ParityPowerTest {

    private static final OnnxOptions OPTIONS = OnnxOptions.of("llama", 24, IntStream.range(0, 40).map(i -> i * i % 29).toArray());
    private static final double EPS = 1e-5;
    private static final double THETA = 10_000;

    @TempDir
    private Path temporary;

    private static LanguageModel llama(double eps, double theta, float scale) {
        LlamaConfig config = LlamaConfig.defaults().with(c -> c.vocabSize(29).maxPositionEmbeddings(24).hiddenSize(16).intermediateSize(32)
                .numHiddenLayers(3).numAttentionHeads(4).numKeyValueHeads(2).headDim(4).rmsNormEps(eps).ropeTheta(theta)
                .initializerRange(0.3));
        LanguageModel model = LanguageModel.create(config, 3, Lowering.FUSED);
        for (Tensor tensor : model.tensors()) {
            // a few channels of the residual stream far larger than the others, which the output layer hardly reads
            if (tensor.name().endsWith("down_proj.weight")) {
                scale(tensor.values(), 0, 2 * 32, scale);
            }
            if (tensor.name().equals("model.norm.weight") || tensor.name().equals("lm_head.weight")) {
                scale(tensor.values(), 0, tensor.size(), (float) Math.sqrt(scale));
            }
        }
        return model;
    }

    private static void scale(FloatBuffer values, int from, int to, float factor) {
        for (int i = from; i < to; i++) {
            values.put(i, values.get(i) * factor);
        }
    }

    private Path export(LanguageModel model) {
        Path directory = temporary.resolve("onnx");
        AtomicFiles.writeDirectory(directory, staging -> OnnxExporter.export(model.standardGraph(), staging, OPTIONS));
        return directory.resolve("model.onnx");
    }

    private static FloatBuffer weights(LanguageModel model, String name) {
        return Memory.floats(model.graph().graph().getVariable(name).getArr());
    }

    @ParameterizedTest
    @ValueSource(floats = {1, 30, 1000})
    void aRightExportPassesHoweverLargeItsActivationsAre(float scale) throws IOException {
        try (LanguageModel model = llama(EPS, THETA, scale)) {
            ParityReport report = OnnxParity.check(export(model), model.graph(), OPTIONS);
            assertTrue(report.passed(), report.toString());
            if (scale == 1000) {
                assertTrue(report.maxDifference() > 1e-4, "a fixed tolerance would refuse it: " + report.maxDifference());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {1, 1000})
    void oneWeightOfTheOtherSignIsCaught(float scale) throws IOException {
        try (LanguageModel model = llama(EPS, THETA, scale)) {
            Path file = export(model);
            FloatBuffer values = weights(model, "model.layers.2.mlp.up_proj.weight");
            values.put(100, -values.get(100));
            assertEquals(List.of("model.layers.2.mlp.up_proj.weight"), OnnxParity.check(file, model.graph(), OPTIONS).wrongWeights());
            values.put(100, Math.nextUp(-values.get(100)));
            assertEquals(List.of("model.layers.2.mlp.up_proj.weight"), OnnxParity.check(file, model.graph(), OPTIONS).wrongWeights(),
                    "by one bit");
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {1, 1000})
    void swappedTensorsAreCaught(float scale) throws IOException {
        try (LanguageModel model = llama(EPS, THETA, scale)) {
            Path file = export(model);
            float[] gate = new float[512];
            float[] up = new float[512];
            weights(model, "model.layers.1.mlp.gate_proj.weight").get(0, gate);
            weights(model, "model.layers.1.mlp.up_proj.weight").get(0, up);
            weights(model, "model.layers.1.mlp.gate_proj.weight").put(0, up);
            weights(model, "model.layers.1.mlp.up_proj.weight").put(0, gate);
            ParityReport report = OnnxParity.check(file, model.graph(), OPTIONS);
            assertEquals(List.of("model.layers.1.mlp.gate_proj.weight", "model.layers.1.mlp.up_proj.weight"),
                    report.wrongWeights().stream().sorted().toList());
            assertTrue(report.maxDifference() > report.tolerance(), "and its logits show it");
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {1, 1000})
    void aWrongConstantIsCaughtByTheLogits(float scale) throws IOException {
        try (LanguageModel model = llama(EPS, THETA, scale); LanguageModel theta = llama(EPS, 1.1 * THETA, scale);
                LanguageModel epsilon = llama(EPS / 10, THETA, scale)) {
            for (LanguageModel wrong : List.of(theta, epsilon)) {
                ParityReport report = OnnxParity.check(export(wrong), model.graph(), OPTIONS);
                assertEquals(List.of(), report.wrongWeights());
                assertFalse(report.passed(), report.toString());
            }
        }
    }

    @Test
    void measuringTheNoiseLeavesEveryWeightAsItWas() {
        try (LanguageModel model = llama(EPS, THETA, 1)) {
            FloatBuffer values = weights(model, "lm_head.weight");
            values.put(0, 0f).put(1, Float.POSITIVE_INFINITY).put(2, -0f);
            float[] before = new float[values.capacity()];
            values.get(0, before);
            LowestBits.flip(model.graph());
            float[] between = new float[values.capacity()];
            values.get(0, between);
            long changed = IntStream.range(0, before.length).filter(i -> before[i] != between[i]).count();
            assertEquals(before.length / 2.0, changed, before.length / 8.0);
            assertArrayEquals(new float[] {0f, Float.POSITIVE_INFINITY, -0f}, new float[] {between[0], between[1], between[2]});
            LowestBits.flip(model.graph());
            values.get(0, between);
            assertArrayEquals(before, between);
        }
    }
}
