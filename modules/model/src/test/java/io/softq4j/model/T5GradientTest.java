package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.graph.Gradients;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanSpec;
import io.softq4j.model.T5Rows.Row;
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

/**
 * The gradient of the whole graph by every parameter, of a sum of the logits of two packed sequences, each with a source, with random
 * weights; padding has no part in it.
 */
class T5GradientTest {

    private static final T5Rows ROWS = new T5Rows(Row.of(3, 1, 4, 1, 5, 2, 0).packedWith(Row.of(2, 6, 2)).padded(1, 1),
            Row.of(0, 1, 4, 1, 5).packedWith(Row.of(0, 6, 2)).padded(0, 2));

    /** Relu with the output layer tied and more decoder than encoder, gated without and less. */
    private static T5Config config(T5FeedForward feedForward) {
        boolean relu = feedForward == T5FeedForward.RELU;
        return T5Config.defaults().with(c -> c.vocabSize(7).dModel(5).dKv(2).dFf(3).numLayers(relu ? 1 : 2).numDecoderLayers(relu ? 2 : 1)
                .numHeads(2).relativeAttentionNumBuckets(8).relativeAttentionMaxDistance(5).layerNormEpsilon(1e-5)
                .feedForwardProj(feedForward).tieWordEmbeddings(relu).scaleDecoderOutputs(relu));
    }

    private static final class Run implements AutoCloseable {

        private final ModelGraph model;
        private final String loss;
        private final Map<String, String> gradients = new LinkedHashMap<>();
        private final Plan plan;
        private final Plan forward;

        /** @param source the graph whose weights these are, or null for random ones, gains too */
        Run(T5Config config, Lowering lowering, DataType type, Run source) {
            Random random = new Random(5);
            Weights weights = (graph, name, mean, deviation, shape) -> {
                INDArray array = Nd4j.create(type, shape);
                Memory.fill(array, () -> (deviation == 0 ? mean : 0) + 0.4 * random.nextGaussian());
                return graph.var(name, source == null ? array : source.value(name).castTo(type));
            };
            model = new T5(config, weights, lowering, type).sequences();
            int[] segments = ROWS.decoder().segments();
            INDArray upstream = Nd4j.create(type, segments.length, config.vocabSize());
            Random other = new Random(6);
            Memory.fill(upstream, other::nextGaussian);
            for (int t = 0; t < segments.length; t++) {
                upstream.getRow(t).muli(segments[t] == 0 ? 0 : 1);
            }
            SDVariable sum = model.logits().mul(model.graph().constant(upstream)).sum();
            loss = sum.name();
            Gradients.of(sum, model.parameters()).forEach((name, gradient) -> gradients.put(name, gradient.name()));
            plan = plan(spec());
            forward = plan(PlanSpec.of(ROWS.shapes(), List.of(loss)));
            plan.run();
        }

        private PlanSpec spec() {
            List<String> outputs = new ArrayList<>(gradients.values());
            outputs.add(loss);
            return PlanSpec.of(ROWS.shapes(), outputs);
        }

        private Plan plan(PlanSpec spec) {
            Plan made = Plan.compile(model.graph(), spec);
            ROWS.write(made);
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
    @EnumSource(T5FeedForward.class)
    void gradientsAreTheCentralDifferences(T5FeedForward feedForward) {
        try (Run run = new Run(config(feedForward), Lowering.STANDARD, DataType.DOUBLE, null)) {
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
    @EnumSource(T5FeedForward.class)
    void kernelsGiveTheSameGradients(T5FeedForward feedForward) {
        try (Run exact = new Run(config(feedForward), Lowering.STANDARD, DataType.DOUBLE, null);
                Run fused = new Run(config(feedForward), Lowering.FUSED, DataType.FLOAT, exact)) {
            assertEquals(exact.loss(), fused.loss(), 1e-5 * Math.max(1, Math.abs(exact.loss())));
            for (String name : exact.model.parameters()) {
                // some gains have small gradients, as differences of large terms that are rounded to about 1e-6, in standard ops too
                INDArray expected = exact.gradient(name);
                INDArray seen = fused.gradient(name);
                double greatest = Math.max(0.1, expected.amaxNumber().doubleValue());
                for (long i = 0; i < expected.length(); i++) {
                    assertEquals(expected.getDouble(i), seen.getDouble(i), 2e-5 * greatest, name + "[" + i + "]");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(T5FeedForward.class)
    void gradientsOfLayersComputedAgainAreTheSameBits(T5FeedForward feedForward) {
        try (Run run = new Run(config(feedForward), Lowering.FUSED, DataType.FLOAT, null);
                Plan again = run.plan(run.spec().recomputing(new PlanSpec.Recomputation(run.loss, run.model.layers())))) {
            again.run();
            for (String name : run.model.parameters()) {
                assertArrayEquals(run.gradient(name).data().asFloat(), Models.array(again, run.gradients.get(name)).data().asFloat(), name);
            }
        }
    }
}
