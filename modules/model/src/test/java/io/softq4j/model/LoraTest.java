package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Gradients;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.plan.Plan;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What adapters compute, what they learn from, and that they can be put into the weights and taken out again. */
class LoraTest {

    private static final TuningConfig LORA = TuningConfig.defaults().with(c -> c.usePeft(true).loraR(2).loraAlpha(5));
    private static final int[] IDS = {3, 1, 4, 1, 5, 6, 2};
    private static final int[] POSITIONS = {0, 1, 2, 3, 0, 1, 2};
    private static final int[] SEGMENTS = {1, 1, 1, 1, 2, 2, 2};

    @TempDir
    private Path directory;

    private static Stream<ModelConfig> configs() {
        return Stream.of(Gpt2Config.defaults().with(c -> c.vocabSize(7).nPositions(8).nEmbd(6).nLayer(1).nHead(2).initializerRange(0.4)),
                LlamaConfig.defaults().with(c -> c.variant(LlamaVariant.QWEN2).vocabSize(7).maxPositionEmbeddings(16).hiddenSize(6)
                        .intermediateSize(5).numHiddenLayers(1).numAttentionHeads(4).numKeyValueHeads(2).headDim(2).rmsNormEps(1e-5)
                        .ropeTheta(100).tieWordEmbeddings(true).initializerRange(0.4)));
    }

    /** The gradient by every adapter of a sum of the logits with random weights; values of a tensor depend on its name alone. */
    private static final class Run implements AutoCloseable {

        private final ModelGraph model;
        private final String loss;
        private final Map<String, String> gradients = new LinkedHashMap<>();
        private final Plan plan;
        private final Plan forward;

        Run(ModelConfig config, Lowering lowering, DataType type) {
            Weights weights = (graph, name, mean, deviation, shape) -> {
                Random random = new Random(name.hashCode());
                INDArray array = Nd4j.create(type, shape);
                Memory.fill(array, () -> (float) (mean + 0.4 * random.nextGaussian()));
                return graph.var(name, array);
            };
            model = Family.of(config).transformer(weights, lowering, type).tuned(LORA, Optional.empty()).sequences();
            INDArray upstream = Nd4j.create(type, IDS.length, config.vocabSize());
            Random other = new Random(6);
            Memory.fill(upstream, other::nextGaussian);
            SDVariable sum = model.logits().mul(model.graph().constant(upstream)).sum();
            loss = sum.name();
            Gradients.of(sum, model.parameters()).forEach((name, gradient) -> gradients.put(name, gradient.name()));
            List<String> outputs = new ArrayList<>(gradients.values());
            outputs.add(loss);
            plan = plan(outputs);
            forward = plan(List.of(loss));
            plan.run();
        }

        private Plan plan(List<String> outputs) {
            long[] shape = {1, IDS.length};
            Plan made = Plan.compile(model.graph(),
                    Map.of(ModelGraph.INPUT_IDS, shape, ModelGraph.POSITION_IDS, shape, ModelGraph.ATTENTION_MASK, shape), outputs);
            made.write(ModelGraph.INPUT_IDS, IDS);
            made.write(ModelGraph.POSITION_IDS, POSITIONS);
            made.write(ModelGraph.ATTENTION_MASK, SEGMENTS);
            return made;
        }

        INDArray value(String name) {
            return model.graph().getVariable(name).getArr();
        }

        double loss() {
            forward.run();
            return forward.port(loss).get(0);
        }

        INDArray gradient(String name) {
            return Models.array(plan, gradients.get(name));
        }

        @Override
        public void close() {
            plan.close();
            forward.close();
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void gradientsOfAdaptersAreTheCentralDifferences(ModelConfig config) {
        try (Run run = new Run(config, Lowering.STANDARD, DataType.DOUBLE)) {
            double step = 1e-5;
            assertTrue(run.model.parameters().stream().allMatch(name -> name.contains(".lora_")));
            for (String name : run.model.parameters()) {
                INDArray value = run.value(name);
                for (long i = 0; i < value.length(); i++) {
                    double at = value.getDouble(i);
                    value.putScalar(i, at + step);
                    double up = run.loss();
                    value.putScalar(i, at - step);
                    double down = run.loss();
                    value.putScalar(i, at);
                    double numeric = (up - down) / (2 * step);
                    assertEquals(numeric, run.gradient(name).getDouble(i), 1e-6 * Math.max(1, Math.abs(numeric)), name + "[" + i + "]");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void kernelsGiveTheSameGradients(ModelConfig config) {
        try (Run exact = new Run(config, Lowering.STANDARD, DataType.DOUBLE); Run fused = new Run(config, Lowering.FUSED, DataType.FLOAT)) {
            assertEquals(exact.loss(), fused.loss(), 1e-5 * Math.max(1, Math.abs(exact.loss())));
            for (String name : exact.model.parameters()) {
                INDArray expected = exact.gradient(name);
                INDArray seen = fused.gradient(name);
                double greatest = expected.amaxNumber().doubleValue();
                for (long i = 0; i < expected.length(); i++) {
                    assertEquals(expected.getDouble(i), seen.getDouble(i), 2e-5 * greatest, name + "[" + i + "]");
                }
            }
        }
    }

    private static double[][] logits(ModelGraph model) {
        return Models.logits(model, IDS, POSITIONS, SEGMENTS);
    }

    private LanguageModel load(TuningConfig tuning) {
        return LanguageModel.load(directory, Lowering.FUSED, tuning, 7);
    }

    @ParameterizedTest
    @MethodSource("configs")
    void freshAdaptersChangeNoBitOfTheLogits(ModelConfig config) throws IOException {
        Models.save(config, directory);
        try (LanguageModel base = load(TuningConfig.defaults()); LanguageModel tuned = load(LORA)) {
            assertArrayEquals(logits(base.graph()), logits(tuned.graph()));
            Models.trainAdapters(tuned);
            assertNotEquals(logits(base.graph())[3][0], logits(tuned.graph())[3][0]);
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void mergedWeightsComputeTheSameAndUnmergedOnesAreTheOldOnes(ModelConfig config) throws IOException {
        Models.save(config, directory);
        try (LanguageModel base = load(TuningConfig.defaults()); LanguageModel merged = load(TuningConfig.defaults());
                LanguageModel tuned = load(LORA)) {
            Models.trainAdapters(tuned);
            Adapter adapter = Adapter.of(tuned);
            adapter.merge(merged);
            Gpt2Test.assertClose(logits(tuned.graph()), logits(merged.graph()), 1e-5);
            Gpt2Test.assertClose(logits(tuned.graph()), logits(tuned.standardGraph()), 1e-5);
            assertNotEquals(logits(base.graph())[3][0], logits(merged.graph())[3][0], 0.01);
            adapter.unmerge(merged);
            for (String name : base.graph().parameters()) {
                FloatBuffer expected = Memory.floats(base.array(name));
                FloatBuffer seen = Memory.floats(merged.array(name));
                for (int i = 0; i < expected.capacity(); i++) {
                    assertEquals(expected.get(i), seen.get(i), 1e-6, name + "[" + i + "]");
                }
            }
        }
    }

    @Test
    void freshAdaptersAreUniformWithinTheInverseRootOfTheirInputsAndDependOnTheSeed() throws IOException {
        Models.save(Models.TINY, directory);
        String name = "transformer.h.1.mlp.c_proj.lora_A.weight"; // [2, 48]
        try (LanguageModel a = load(LORA); LanguageModel b = LanguageModel.load(directory, Lowering.FUSED, LORA, 8)) {
            double[] values = a.array(name).dup().data().asDouble();
            double bound = 1 / Math.sqrt(48);
            double greatest = 0;
            double squares = 0;
            for (double value : values) {
                greatest = Math.max(greatest, Math.abs(value));
                squares += value * value;
            }
            assertTrue(greatest < bound && greatest > 0.9 * bound, "greatest " + greatest);
            assertEquals(bound / Math.sqrt(3), Math.sqrt(squares / values.length), 0.1 * bound);
            assertNotEquals(values[0], b.array(name).getDouble(0));
            assertEquals(0, a.array("transformer.h.1.mlp.c_proj.lora_B.weight").amaxNumber().doubleValue());
        }
    }

    private static double[][] logits(ModelGraph model, int key) {
        long[] shape = {1, IDS.length};
        Map<String, long[]> shapes = Map.of(ModelGraph.INPUT_IDS, shape, ModelGraph.POSITION_IDS, shape, ModelGraph.ATTENTION_MASK, shape);
        try (Plan plan = Plan.compile(model.graph(), shapes, List.of(model.logits().name()))) {
            plan.write(ModelGraph.INPUT_IDS, IDS);
            plan.write(ModelGraph.POSITION_IDS, POSITIONS);
            plan.write(ModelGraph.ATTENTION_MASK, SEGMENTS);
            plan.write(ModelGraph.DROPOUT_KEY, new int[] {key});
            plan.run();
            return Models.matrix(plan, model.logits().name());
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void dropoutActsWithAKeyAloneAndThatOfAdaptersOnWhatTheyRead(ModelConfig config) throws IOException {
        Models.save(config, directory);
        TuningConfig residual = TuningConfig.defaults().with(c -> c.loraR(2).loraAlpha(5).dropout(0.3));
        TuningConfig adapters = TuningConfig.defaults().with(c -> c.usePeft(true).loraR(2).loraAlpha(5).loraDropout(0.3));
        try (LanguageModel plain = load(TuningConfig.defaults()); LanguageModel dropping = load(residual); LanguageModel tuned = load(adapters)) {
            double[][] expected = logits(plain.graph());
            assertArrayEquals(expected, logits(dropping.graph(), 0));
            Gpt2Test.assertClose(expected, logits(dropping.standardGraph()), 1e-5); // to compute with: there is no dropout
            assertNotEquals(expected[3][0], logits(dropping.graph(), 1)[3][0], 0.01);
            assertNotEquals(logits(dropping.graph(), 2)[3][0], logits(dropping.graph(), 1)[3][0], 0.01);
            assertArrayEquals(expected, logits(tuned.graph(), 1), "B is 0");
            Models.trainAdapters(tuned);
            Gpt2Test.assertClose(logits(tuned.standardGraph()), logits(tuned.graph(), 0), 1e-5);
            assertNotEquals(logits(tuned.graph(), 0)[3][0], logits(tuned.graph(), 1)[3][0], 0.01);
        }
    }

    /** Token and position embedding lose the same elements, so their sum loses half; with masks of their own it would lose a quarter. */
    @Test
    void theSumOfBothEmbeddingsIsDropped() {
        Gpt2 gpt2 = new Gpt2(Gpt2Config.defaults().with(c -> c.vocabSize(7).nPositions(8).nEmbd(512).nLayer(1).nHead(2)
                .initializerRange(0.4)),
                        Weights.fresh(1, DataType.FLOAT), Lowering.FUSED, DataType.FLOAT);
        gpt2.tuned(TuningConfig.defaults().with(c -> c.loraR(2).loraAlpha(5)
                .dropout(0.5)), Optional.empty());
        ModelGraph model = gpt2.sequences();
        List<String> names = List.copyOf(gpt2.layers); // of the first layer: the sum and its norm; and of the last
        long[] shape = {1, IDS.length};
        Map<String, long[]> shapes = Map.of(ModelGraph.INPUT_IDS, shape, ModelGraph.POSITION_IDS, shape, ModelGraph.ATTENTION_MASK, shape);
        try (Plan plan = Plan.compile(model.graph(), shapes, names)) {
            plan.write(ModelGraph.DROPOUT_KEY, new int[] {5});
            plan.run();
            double most = names.stream().mapToDouble(name -> zeros(Models.array(plan, name))).max().orElseThrow();
            assertEquals(0.5, most, 0.05);
        }
    }

    private static double zeros(INDArray values) {
        float[] all = values.dup().data().asFloat();
        int zeros = 0;
        for (float value : all) {
            zeros += value == 0 ? 1 : 0;
        }
        return zeros / (double) all.length;
    }
}
