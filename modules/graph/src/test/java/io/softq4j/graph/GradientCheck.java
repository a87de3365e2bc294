package io.softq4j.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.kernel.KernelOp;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanArrays;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A function of named float inputs and named int inputs, built from {@link Ops}; its output is weighted with fixed random numbers and
 * summed, so that every element has its own upstream gradient. Checks the expansion against central differences in double, and the kernels
 * against the expansion.
 */
final class GradientCheck {

    private final Map<String, long[]> floats = new LinkedHashMap<>();
    private final Map<String, INDArray> ints = new LinkedHashMap<>();
    private final BiFunction<Ops, Map<String, SDVariable>, List<SDVariable>> function;

    GradientCheck(BiFunction<Ops, Map<String, SDVariable>, List<SDVariable>> function) {
        this.function = function;
    }

    GradientCheck variable(String name, long... shape) {
        floats.put(name, shape);
        return this;
    }

    GradientCheck ints(String name, int[] values, long... shape) {
        ints.put(name, Nd4j.createFromArray(values).reshape(shape));
        return this;
    }

    /** Loss and gradients, with the graph that gave them. */
    private final class Run implements AutoCloseable {
        private final Plan plan;
        private final SameDiff graph = SameDiff.create();
        private final Map<String, String> gradientNames = new LinkedHashMap<>();
        private final String loss;

        Run(Lowering lowering, DataType type) {
            Map<String, SDVariable> named = new LinkedHashMap<>();
            Random random = new Random(7);
            floats.forEach((name, shape) -> named.put(name, graph.var(name, gaussian(random, shape).castTo(type))));
            ints.forEach((name, array) -> named.put(name, graph.placeHolder(name, DataType.INT, array.shape())));
            SDVariable total = null;
            for (SDVariable out : function.apply(new Ops(graph, lowering), named)) {
                SDVariable weights = graph.constant(gaussian(random, shapeOf(out)).castTo(type));
                SDVariable sum = out.mul(weights).sum();
                total = total == null ? sum : total.add(sum);
            }
            loss = total.name();
            Gradients.of(total, floats.keySet()).forEach((name, g) -> gradientNames.put(name, g.name()));
            plan = plan(new ArrayList<>(gradientNames.values()));
        }

        private long[] shapeOf(SDVariable out) {
            try (Plan probe = plan(List.of(out.name()))) {
                return PlanArrays.of(probe, out.name()).shape();
            }
        }

        private Plan plan(List<String> outputs) {
            Map<String, long[]> shapes = new LinkedHashMap<>();
            ints.forEach((name, array) -> shapes.put(name, array.shape()));
            List<String> all = new ArrayList<>(outputs);
            if (loss != null) {
                all.add(loss);
            }
            Plan plan = Plan.compile(graph, shapes, all);
            ints.forEach((name, array) -> {
                if (plan.hasInput(name)) {
                    PlanArrays.of(plan, name).assign(array);
                }
            });
            return plan;
        }

        double loss() {
            plan.run();
            return PlanArrays.of(plan, loss).getDouble(0);
        }

        INDArray gradient(String name) {
            return PlanArrays.of(plan, gradientNames.get(name));
        }

        @Override
        public void close() {
            plan.close();
        }
    }

    private static INDArray gaussian(Random random, long... shape) {
        INDArray a = Nd4j.create(DataType.DOUBLE, shape);
        for (long i = 0; i < a.length(); i++) {
            a.putScalar(i, random.nextGaussian());
        }
        return a;
    }

    /** Central differences in double of the standard expansion. */
    GradientCheck expansionMatchesCentralDifferences() {
        try (Run run = new Run(Lowering.STANDARD, DataType.DOUBLE)) {
            double step = 1e-5;
            for (String name : floats.keySet()) {
                run.loss();
                INDArray analytic = run.gradient(name).dup();
                INDArray value = run.graph.getVariable(name).getArr();
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
        return this;
    }

    /** Values and gradients of the float32 kernels against the expansion in float64. */
    GradientCheck kernelsMatchExpansion() {
        try (Run exact = new Run(Lowering.STANDARD, DataType.DOUBLE); Run fused = new Run(Lowering.FUSED, DataType.FLOAT)) {
            boolean ours = fused.graph.getOps().values().stream().anyMatch(op -> op.getOp() instanceof KernelOp);
            assertTrue(ours, "no op of ours is in the graph");
            assertEquals(exact.loss(), fused.loss(), 1e-4 * Math.max(1, Math.abs(exact.loss())));
            for (String name : floats.keySet()) {
                INDArray a = exact.gradient(name);
                INDArray b = fused.gradient(name);
                double scale = Math.max(1e-3, a.amaxNumber().doubleValue());
                for (long i = 0; i < a.length(); i++) {
                    assertEquals(a.getDouble(i), b.getDouble(i), 2e-5 * scale, name + "[" + i + "]");
                }
            }
        }
        return this;
    }
}
