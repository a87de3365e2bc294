package io.softq4j.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanArrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RopeTest {

    private static GradientCheck rope(int dimensions, int heads, int allHeads, int headWidth, int[] positions) {
        return new GradientCheck((ops, in) -> {
            SDVariable x = in.get("x");
            Ops.Rotation rotation = ops.rotation(in.get("positions"), Ops.rotaryFrequencies(100, dimensions), x.dataType());
            return List.of(ops.rope(x, rotation, heads, allHeads, headWidth));
        }).variable("x", positions.length, allHeads * headWidth).ints("positions", positions, positions.length);
    }

    @Test
    void queryAndKeyAreTurnedAndTheValueIsNot() {
        rope(6, 3, 4, 6, new int[] {0, 1, 2, 0, 57}).expansionMatchesCentralDifferences().kernelsMatchExpansion();
        rope(48, 3, 4, 48, new int[] {3, 0, 900}).kernelsMatchExpansion();
    }

    @Test
    void aPartOfAHeadCanBeTurned() {
        rope(4, 2, 3, 8, new int[] {0, 1, 2, 9}).expansionMatchesCentralDifferences().kernelsMatchExpansion();
        rope(32, 4, 6, 64, IntStream.range(0, 300).toArray()).kernelsMatchExpansion();
    }

    /** One head at each of the positions, turned. */
    private static float[][] turned(Lowering lowering, float[] head, int dimensions, int... positions) {
        SameDiff graph = SameDiff.create();
        Ops ops = new Ops(graph, lowering);
        SDVariable at = graph.placeHolder("positions", DataType.INT, -1);
        INDArray rows = Nd4j.create(DataType.FLOAT, positions.length, head.length).addiRowVector(Nd4j.createFromArray(head));
        Ops.Rotation rotation = ops.rotation(at, Ops.rotaryFrequencies(10_000, dimensions), DataType.FLOAT);
        SDVariable y = ops.rope(graph.constant(rows).add(0), rotation, 1, 1, head.length);
        try (Plan plan = Plan.compile(graph, Map.of("positions", new long[] {positions.length}), List.of(y.name()))) {
            PlanArrays.of(plan, "positions").assign(Nd4j.createFromArray(positions));
            plan.run();
            return PlanArrays.of(plan, y.name()).toFloatMatrix();
        }
    }

    private static float[] gaussian(int size, int seed) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static double dot(float[] a, float[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> (double) a[i] * b[i]).sum();
    }

    @ParameterizedTest
    @EnumSource(Lowering.class)
    void scoresDependOnTheDistanceAlone(Lowering lowering) {
        float[][] query = turned(lowering, gaussian(64, 1), 64, 7, 107, 1007);
        float[][] key = turned(lowering, gaussian(64, 2), 64, 3, 103, 1003);
        assertEquals(dot(query[0], key[0]), dot(query[1], key[1]), 1e-3);
        assertEquals(dot(query[0], key[0]), dot(query[2], key[2]), 1e-3);
    }

    @ParameterizedTest
    @EnumSource(Lowering.class)
    void turningKeepsTheNormAndPositionZeroTheVector(Lowering lowering) {
        float[] head = gaussian(64, 3);
        float[][] turned = turned(lowering, head, 64, 0, 1, 12_345);
        assertArrayEquals(head, turned[0]);
        assertEquals(dot(head, head), dot(turned[1], turned[1]), 1e-4);
        assertEquals(dot(head, head), dot(turned[2], turned[2]), 1e-4);
    }

    /** Hugging Face's q cos + rotate_half(q) sin, rotate_half(x) = (-x[K/2:], x[:K/2]), written out for K = 4: frequencies 1 and 0.01. */
    @ParameterizedTest
    @EnumSource(Lowering.class)
    void pairsAreThoseOfRotateHalf(Lowering lowering) {
        float[] turned = turned(lowering, new float[] {1, 2, 3, 4}, 4, 2)[0];
        double[] expected = {Math.cos(2) - 3 * Math.sin(2), 2 * Math.cos(0.02) - 4 * Math.sin(0.02),
            3 * Math.cos(2) + Math.sin(2), 4 * Math.cos(0.02) + 2 * Math.sin(0.02)};
        for (int i = 0; i < 4; i++) {
            assertEquals(expected[i], turned[i], 1e-6);
        }
    }

    @Test
    void dimensionsThatDoNotFitAreRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> turned(Lowering.FUSED, new float[4], 6, 0)).getMessage();
        assertEquals("cannot turn 6 dimensions of heads 4 wide: half of them must divide it", message);
    }
}
