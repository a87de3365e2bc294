package io.softq4j.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.kernel.Activation;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanArrays;
import io.softq4j.graph.plan.PlanReport;
import io.softq4j.graph.plan.PlanSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Gradients by some of the variables: nothing is computed for the others, and what is asked for has the bits it has among all. */
class FrozenTest {

    private static final int ROWS = 130;

    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    FrozenTest() {
        shapes.put("table", new long[] {9, 24});
        shapes.put("norm.gain", new long[] {24});
        shapes.put("norm.bias", new long[] {24});
        shapes.put("in", new long[] {24, 40});
        shapes.put("in.bias", new long[] {40});
        shapes.put("out", new long[] {40, 24});
        shapes.put("rms.gain", new long[] {24});
        shapes.put("head", new long[] {70, 24});
    }

    /** A graph with its loss. */
    private record Network(SameDiff graph, SDVariable loss) {
    }

    /** Every kernel that has a parameter, the table used twice. */
    private Network network() {
        SameDiff graph = SameDiff.create();
        Random random = new Random(4);
        Map<String, SDVariable> v = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> v.put(name, graph.var(name, gaussian(random, shape))));
        Ops ops = new Ops(graph, Lowering.FUSED);
        SDVariable x = ops.embedding(v.get("table"), graph.constant(Nd4j.createFromArray(random.ints(ROWS, 0, 9).toArray())));
        SDVariable inner = ops.linear(ops.layerNorm(x, v.get("norm.gain"), v.get("norm.bias"), 1e-5), v.get("in"), v.get("in.bias"));
        SDVariable outer = ops.linear(inner, v.get("out"), null, Activation.GELU_NEW);
        SDVariable y = ops.residualRmsNorm(x, outer, v.get("rms.gain"), 1e-5).norm();
        SDVariable loss = ops.linearTransposed(y, v.get("head")).mul(graph.constant(gaussian(random, ROWS, 70))).sum()
                .add(ops.linearTransposed(y, v.get("table")).mul(graph.constant(gaussian(random, ROWS, 9))).sum());
        return new Network(graph, loss);
    }

    private static INDArray gaussian(Random random, long... shape) {
        INDArray a = Nd4j.create(DataType.FLOAT, shape);
        for (long i = 0; i < a.length(); i++) {
            a.putScalar(i, random.nextGaussian());
        }
        return a;
    }

    /** Gradients by variable, and what the plan costs. */
    private record Result(Map<String, float[]> gradients, PlanReport report) {

        boolean runs(String kind) {
            return report.ops().stream().anyMatch(op -> op.kind().equals(kind));
        }
    }

    private Result gradients(List<String> variables) {
        Network network = network();
        Map<String, SDVariable> gradients = Gradients.of(network.loss(), variables);
        List<String> names = gradients.values().stream().map(SDVariable::name).toList();
        try (Plan plan = Plan.compile(network.graph(), Map.of(), names)) {
            plan.run();
            Map<String, float[]> bits = new LinkedHashMap<>();
            gradients.forEach((name, gradient) -> bits.put(name, PlanArrays.of(plan, gradient.name()).dup().data().asFloat()));
            return new Result(bits, Plan.describe(network.graph(), PlanSpec.of(Map.of(), names)));
        }
    }

    @Test
    void gradientsOfSomeHaveTheBitsOfAllForLessWork() {
        Result all = gradients(List.copyOf(shapes.keySet()));
        for (String one : shapes.keySet()) {
            Result alone = gradients(List.of(one));
            assertArrayEquals(all.gradients().get(one), alone.gradients().get(one), one);
            assertTrue(alone.report().flops() < all.report().flops(), one + ": " + alone.report().summary());
        }
        Result two = gradients(List.of("in.bias", "table"));
        assertArrayEquals(all.gradients().get("table"), two.gradients().get("table"));
        assertArrayEquals(all.gradients().get("in.bias"), two.gradients().get("in.bias"));
    }

    /** To the last product: two for each that is needed. */
    @Test
    void aFrozenWeightCostsNoProduct() {
        long in = 2L * ROWS * 24 * 40;
        long head = 2L * ROWS * 24 * 70;
        long tied = 2L * ROWS * 24 * 9;
        long all = productFlops(gradients(List.copyOf(shapes.keySet())));
        assertEquals(2 * (2 * in + head + tied), all);
        assertEquals(all - 2 * in - head, productFlops(gradients(List.of("table"))), "no gradient of in, out, head");
        assertEquals(in + tied + head + in, productFlops(gradients(List.of("in"))), "none of x of in either: nothing below is asked for");
        assertEquals(in + tied + head, productFlops(gradients(List.of("in.bias"))));
    }

    private static long productFlops(Result result) {
        return result.report().ops().stream().filter(op -> op.kind().equals("LinearGradient")).mapToLong(PlanReport.Op::flops).sum();
    }

    @Test
    void whatLiesBelowEverythingThatIsAskedForHasNoBackwardPass() {
        Result head = gradients(List.of("head"));
        assertFalse(head.runs("NormGradient") || head.runs("Embedding.Gradient"), head.report().text());
        Result gain = gradients(List.of("norm.gain"));
        assertTrue(gain.runs("NormGradient") && !gain.runs("Embedding.Gradient"), gain.report().text());
        PlanReport.Op last = gain.report().ops().stream().filter(op -> op.kind().equals("NormGradient")).reduce((a, b) -> b).orElseThrow();
        assertEquals(List.of(List.of(24L)), last.outputs().stream().map(PlanReport.Buffer::shape).toList());
    }
}
