package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.graph.Gradients;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.Plan;
import io.softq4j.graph.kernel.Memory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The gradient of the whole graph by every parameter, of a sum of the logits of two packed sequences with random weights. */
class LlamaGradientTest {

    private static final int[] IDS = {3, 1, 4, 1, 5, 6, 2};
    private static final int[] POSITIONS = {0, 1, 2, 3, 0, 1, 2};
    private static final int[] SEGMENTS = {1, 1, 1, 1, 2, 2, 2};

    private static LlamaConfig config(LlamaVariant variant) {
        return new LlamaConfig(variant, 7, 16, 6, 5, 2, 4, 2, 2, 1e-5, 100, new RopeScaling.Linear(1.5), variant == LlamaVariant.QWEN2, 0.4);
    }

    private static final class Run implements AutoCloseable {

        private final ModelGraph model;
        private final String loss;
        private final Map<String, String> gradients = new LinkedHashMap<>();
        private final Plan plan;
        private final Plan forward;

        /** @param source the graph whose weights these are, or null for random ones, gains and biases too */
        Run(LlamaConfig config, Lowering lowering, DataType type, Run source) {
            Random random = new Random(5);
            Weights weights = (graph, name, mean, deviation, shape) -> {
                INDArray array = Nd4j.create(type, shape);
                Memory.fill(array, () -> mean + 0.4 * random.nextGaussian());
                return graph.var(name, source == null ? array : source.value(name).castTo(type));
            };
            model = new Llama(config, weights, lowering, type).sequences();
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
            Memory.write(made.input(ModelGraph.INPUT_IDS), IDS);
            Memory.write(made.input(ModelGraph.POSITION_IDS), POSITIONS);
            Memory.write(made.input(ModelGraph.ATTENTION_MASK), SEGMENTS);
            return made;
        }

        INDArray value(String name) {
            return model.graph().getVariable(name).getArr();
        }

        double loss() {
            forward.run();
            return forward.output(loss).getDouble(0);
        }

        INDArray gradient(String name) {
            return plan.output(gradients.get(name));
        }

        @Override
        public void close() {
            plan.close();
            forward.close();
        }
    }

    /** One variant with biases and the output layer tied, one with norms of heads and an output layer of its own: the others have less. */
    @ParameterizedTest
    @EnumSource(value = LlamaVariant.class, names = {"QWEN2", "QWEN3"})
    void gradientsAreTheCentralDifferences(LlamaVariant variant) {
        try (Run run = new Run(config(variant), Lowering.STANDARD, DataType.DOUBLE, null)) {
            double step = 1e-5;
            for (String name : run.model.parameters()) {
                INDArray analytic = run.gradient(name);
                INDArray value = run.value(name);
                for (long i = 0; i < value.length(); i++) {
                    double at = value.getDouble(i);
                    value.putScalar(i, at + step);
                    double up = run.loss();
                    value.putScalar(i, at - step);
                    double down = run.loss();
                    value.putScalar(i, at);
                    double numeric = (up - down) / (2 * step);
                    assertEquals(numeric, analytic.getDouble(i), 1e-6 * Math.max(1, Math.abs(numeric)), name + "[" + i + "]");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LlamaVariant.class)
    void kernelsGiveTheSameGradients(LlamaVariant variant) {
        try (Run exact = new Run(config(variant), Lowering.STANDARD, DataType.DOUBLE, null);
                Run fused = new Run(config(variant), Lowering.FUSED, DataType.FLOAT, exact)) {
            assertEquals(exact.loss(), fused.loss(), 1e-5 * Math.max(1, Math.abs(exact.loss())));
            for (String name : exact.model.parameters()) {
                double greatest = exact.gradient(name).amaxNumber().doubleValue();
                for (long i = 0; i < exact.value(name).length(); i++) {
                    assertEquals(exact.gradient(name).getDouble(i), fused.gradient(name).getDouble(i), 2e-5 * greatest, name + "[" + i + "]");
                }
            }
        }
    }
}
