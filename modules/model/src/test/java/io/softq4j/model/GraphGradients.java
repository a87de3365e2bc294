package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.graph.Gradients;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.plan.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The gradient of a model's whole graph by every parameter, of a sum of its logits with random weights; its parameters are random too. */
final class GraphGradients implements AutoCloseable {

    private static final double STEP = 1e-5;

    private final ModelGraph model;
    private final String loss;
    private final Map<String, String> gradients = new LinkedHashMap<>();
    private final Plan plan;
    private final Plan forward;

    /**
     * @param inputs a row of each placeholder
     * @param rows   how many rows of logits there are
     * @param source the graph whose parameters these are, or null for new ones
     */
    private GraphGradients(ModelConfig config, Map<String, int[]> inputs, int rows, Lowering lowering, DataType type,
            GraphGradients source) {
        Random random = new Random(5);
        Weights weights = (graph, name, mean, deviation, shape) -> {
            INDArray array = Nd4j.create(type, shape);
            Memory.fill(array, () -> mean + 0.4 * random.nextGaussian());
            return graph.var(name, source == null ? array : source.value(name).castTo(type));
        };
        model = Family.of(config).transformer(weights, lowering, type).sequences();
        INDArray upstream = Nd4j.create(type, rows, config.vocabSize());
        Random other = new Random(6);
        Memory.fill(upstream, other::nextGaussian);
        SDVariable sum = model.logits().mul(model.graph().constant(upstream)).sum();
        loss = sum.name();
        Gradients.of(sum, model.parameters()).forEach((name, gradient) -> gradients.put(name, gradient.name()));
        List<String> outputs = new ArrayList<>(gradients.values());
        outputs.add(loss);
        plan = plan(inputs, outputs);
        forward = plan(inputs, List.of(loss));
        plan.run();
    }

    private Plan plan(Map<String, int[]> inputs, List<String> outputs) {
        Map<String, long[]> shapes = new HashMap<>();
        inputs.forEach((name, row) -> shapes.put(name, new long[] {1, row.length}));
        Plan made = Plan.compile(model.graph(), shapes, outputs);
        inputs.forEach((name, row) -> made.write(name, row));
        return made;
    }

    private INDArray value(String name) {
        return model.graph().getVariable(name).getArr();
    }

    private double loss() {
        forward.run();
        return forward.port(loss).get(0);
    }

    private INDArray gradient(String name) {
        return Models.array(plan, gradients.get(name));
    }

    /**
     * Moves each parameter, all its elements at once, along a random direction: the loss must change by the gradient's component along it.
     * An element whose gradient is wrong shows in almost every direction, and a tensor costs as much as an element would.
     */
    static void matchCentralDifferences(ModelConfig config, Map<String, int[]> inputs, int rows) {
        try (GraphGradients exact = new GraphGradients(config, inputs, rows, Lowering.STANDARD, DataType.DOUBLE, null)) {
            Random random = new Random(7);
            for (String name : exact.model.parameters()) {
                INDArray value = exact.value(name);
                INDArray start = value.dup();
                INDArray direction = Nd4j.create(DataType.DOUBLE, value.shape());
                Memory.fill(direction, random::nextGaussian);
                double analytic = exact.gradient(name).mul(direction).sumNumber().doubleValue();
                value.assign(start.add(direction.mul(STEP)));
                double up = exact.loss();
                value.assign(start.sub(direction.mul(STEP)));
                double down = exact.loss();
                value.assign(start);
                double numeric = (up - down) / (2 * STEP);
                assertEquals(numeric, analytic, 1e-6 * Math.max(1, Math.abs(numeric)), name);
            }
        }
    }

    /** The kernels in float32 against the standard ops in float64. */
    static void matchKernels(ModelConfig config, Map<String, int[]> inputs, int rows) {
        try (GraphGradients exact = new GraphGradients(config, inputs, rows, Lowering.STANDARD, DataType.DOUBLE, null);
                GraphGradients fused = new GraphGradients(config, inputs, rows, Lowering.FUSED, DataType.FLOAT, exact)) {
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

    @Override
    public void close() {
        plan.close();
        forward.close();
    }
}
