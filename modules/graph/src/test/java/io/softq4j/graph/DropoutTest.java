package io.softq4j.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanArrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class DropoutTest {

    private static final int N = 1 << 17;

    /** What ones become. */
    private static float[] ones(Lowering lowering, int size, double rate, int key, int site) {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.var("x", Nd4j.ones(DataType.FLOAT, size));
        SDVariable y = new Ops(graph, lowering).dropout(x, rate, graph.placeHolder("key", DataType.INT, 1), site);
        try (Plan plan = Plan.compile(graph, Map.of(), List.of(y.name()))) {
            plan.write("key", new int[] {key});
            plan.run();
            return PlanArrays.of(plan, y.name()).dup().data().asFloat();
        }
    }

    private static boolean[] kept(double rate, int key, int site) {
        float[] y = ones(Lowering.FUSED, N, rate, key, site);
        boolean[] kept = new boolean[N];
        for (int i = 0; i < N; i++) {
            kept[i] = y[i] != 0;
        }
        return kept;
    }

    @Test
    void gradientsOfAFixedKey() {
        new GradientCheck((ops, in) -> List.of(ops.gelu(ops.dropout(in.get("x"), 0.4, in.get("key"), 3))))
                .variable("x", 6, 7).ints("key", new int[] {12345}, 1)
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
    }

    @Test
    void everyElementIsZeroOrDividedByTheProbabilityThatItIsKept() {
        for (double rate : new double[] {0.1, 0.5, 0.9}) {
            int count = 0;
            for (float y : ones(Lowering.FUSED, N, rate, 7, 0)) {
                assertTrue(y == 0 || y == (float) (1 / (1 - rate)), "became " + y);
                count += y != 0 ? 1 : 0;
            }
            assertEquals(N * (1 - rate), count, 4 * Math.sqrt(N * rate * (1 - rate)), "kept at rate " + rate);
        }
    }

    @Test
    void keyZeroKeepsEverything() {
        for (Lowering lowering : Lowering.values()) {
            for (float y : ones(lowering, 5000, 0.5, 0, 3)) {
                assertEquals(1f, y);
            }
        }
    }

    @Test
    void everyLoweringDropsTheSameElements() {
        assertArrayEquals(ones(Lowering.STANDARD, 5000, 0.3, -9, 2), ones(Lowering.FUSED, 5000, 0.3, -9, 2));
    }

    /** However the array is cut into blocks and pieces. */
    @Test
    void whatIsDroppedFollowsFromTheIndexAlone() {
        float[] small = ones(Lowering.FUSED, 3001, 0.3, 5, 2);
        float[] large = ones(Lowering.FUSED, N, 0.3, 5, 2);
        for (int i = 0; i < small.length; i++) {
            assertEquals(large[i], small[i], "element " + i);
        }
    }

    /** A run of 64 decisions agrees by chance in one of 10^19 places. */
    @Test
    void noKeyOrSiteDropsWhatAnotherOneDropsMovedByUpTo64Places() {
        Map<Long, String> owner = new HashMap<>();
        for (int key = 1; key <= 12; key++) {
            for (int site = 0; site < 4; site++) {
                String own = "key " + key + ", site " + site;
                float[] y = ones(Lowering.FUSED, 128, 0.5, key, site);
                long run = 0;
                for (int i = 0; i < y.length; i++) {
                    run = run << 1 | (y[i] != 0 ? 1 : 0);
                    String other = i < 63 ? null : owner.putIfAbsent(run, own);
                    assertTrue(other == null || other.equals(own), other + " and " + own);
                }
            }
        }
    }

    @Test
    void rateZeroAddsNoOp() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.var("x", Nd4j.ones(DataType.FLOAT, 4));
        assertSame(x, new Ops(graph, Lowering.FUSED).dropout(x, 0, graph.placeHolder("key", DataType.INT, 1), 0));
        assertEquals("a dropout rate must be at least 0 and below 1, was 1.0", assertThrows(IllegalArgumentException.class,
                () -> new Ops(graph, Lowering.FUSED).dropout(x, 1, x, 0)).getMessage());
    }

    /** Masks of other keys and sites, and one mask against itself some elements on, agree as often as chance has it. */
    @Test
    void keysSitesAndPlacesAreIndependent() {
        double rate = 0.5;
        boolean[] first = kept(rate, 1, 0);
        int[][] others = {{2, 0}, {3, 0}, {1, 1}, {1, 2}, {-1, 0}, {1 << 16, 0}, {0x40000001, 0}, {2, 1}};
        for (int[] other : others) {
            assertEquals(N / 2.0, agreements(first, kept(rate, other[0], other[1]), 0), 4 * Math.sqrt(N / 4.0), "key, site "
                    + List.of(other[0], other[1]));
        }
        for (int lag : new int[] {1, 2, 3, 8, 16, 64, 768, 1024, 4096, 1 << 15}) {
            assertEquals((N - lag) / 2.0, agreements(first, first, lag), 4 * Math.sqrt(N / 4.0), "lag " + lag);
        }
        assertNotEquals(0, agreements(first, first, 0));
    }

    private static int agreements(boolean[] a, boolean[] b, int lag) {
        int count = 0;
        for (int i = 0; i + lag < N; i++) {
            count += a[i] == b[i + lag] ? 1 : 0;
        }
        return count;
    }

    /** Chi-squared of the 256 patterns that eight elements in a row make, and of the same element at eight steps in a row. */
    @Test
    void patternsAreAsFrequentAsChanceHasIt() {
        boolean[][] steps = new boolean[8][];
        for (int step = 0; step < 8; step++) {
            steps[step] = kept(0.5, 100 + step, 4);
        }
        int[] alongRow = new int[256];
        int[] alongSteps = new int[256];
        for (int i = 0; i < N / 8; i++) {
            int row = 0;
            int column = 0;
            for (int bit = 0; bit < 8; bit++) {
                row = 2 * row + (steps[0][8 * i + bit] ? 1 : 0);
                column = 2 * column + (steps[bit][i] ? 1 : 0);
            }
            alongRow[row]++;
            alongSteps[column]++;
        }
        assertChance(alongRow);
        assertChance(alongSteps);
    }

    /** 255 degrees of freedom: mean 255, deviation 22.6; four deviations either way. */
    private static void assertChance(int[] counts) {
        double expected = N / 8.0 / counts.length;
        double chiSquared = 0;
        for (int count : counts) {
            chiSquared += (count - expected) * (count - expected) / expected;
        }
        assertEquals(255, chiSquared, 4 * 22.6);
    }
}
