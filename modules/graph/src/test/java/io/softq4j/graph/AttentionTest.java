package io.softq4j.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanArrays;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class AttentionTest {

    private static GradientCheck attention(int width, int heads, int rows, int[] positions, int[] segments) {
        return attention(width / heads, heads, heads, rows, positions, segments);
    }

    private static GradientCheck attention(int headWidth, int heads, int keyValueHeads, int rows, int[] positions, int[] segments) {
        return new GradientCheck((ops, in) -> List.of(ops.attention(in.get("qkv"),
                ops.causality(in.get("positions"), in.get("segments"), in.get("qkv").dataType()), headWidth, heads, keyValueHeads)))
                .variable("qkv", positions.length, (heads + 2 * keyValueHeads) * headWidth)
                .ints("positions", positions, rows, positions.length / rows)
                .ints("segments", segments, rows, positions.length / rows);
    }

    @Test
    void attentionOverPackedAndPaddedRows() {
        attention(4, 2, 2, new int[] {0, 1, 2, 0, 1, 0, 1, 2, 3, 0}, new int[] {1, 1, 1, 2, 2, 1, 1, 1, 1, 0})
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
    }

    /** Padding on the left, and several tokens of padding that all have position 0. */
    @Test
    void attentionOverLeftPaddedRows() {
        attention(6, 2, 2, new int[] {0, 0, 0, 1, 2, 0, 1, 0, 0, 0}, new int[] {0, 0, 1, 1, 1, 1, 1, 0, 0, 0})
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
    }

    @Test
    void attentionOverRowsLongerThanAVectorAndHeadsWiderThanOne() {
        int[] positions = new int[80];
        int[] segments = new int[80];
        for (int i = 0; i < 40; i++) {
            positions[i] = i;
            segments[i] = 1;
            positions[40 + i] = i < 23 ? i : i - 23;
            segments[40 + i] = i < 23 ? 1 : i < 37 ? 2 : 3;
        }
        attention(40, 2, 2, positions, segments).kernelsMatchExpansion();
        attention(35, 1, 2, positions, segments).kernelsMatchExpansion();
    }

    /** 200 tokens are four tiles; in turn: one sequence, packed ones, padding on the left, padding on the right. */
    @Test
    void attentionOverRowsLongerThanATile() {
        Rows rows = Rows.of(200, 30, 100, 70, -90, 110, 130, -70);
        attention(40, 2, 2, 4, rows.positions(), rows.segments()).kernelsMatchExpansion();
    }

    /** 700 tokens are eleven tiles, more than are handled at once. */
    @Test
    void attentionOverRowsLongerThanABlockOfTiles() {
        Rows rows = Rows.of(700);
        attention(8, 1, 1, 1, rows.positions(), rows.segments()).kernelsMatchExpansion();
    }

    /** Neither positions nor segments grow along the row. */
    @Test
    void attentionOverTokensInAnyOrder() {
        Random random = new Random(4);
        int[] positions = new int[300];
        int[] segments = new int[300];
        for (int i = 0; i < 150; i++) {
            positions[i] = 7 * i % 150;
            segments[i] = random.nextInt(3);
            positions[150 + i] = 149 - i;
            segments[150 + i] = 5;
        }
        attention(16, 2, 2, 2, positions, segments).kernelsMatchExpansion();
    }

    @Test
    void queriesShareKeysAndValues() {
        attention(2, 4, 2, 2, new int[] {0, 1, 2, 0, 1, 0, 1, 2, 3, 0}, new int[] {1, 1, 1, 2, 2, 1, 1, 1, 1, 0})
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
        Rows rows = Rows.of(100, 30, 70);
        attention(24, 6, 2, 2, rows.positions(), rows.segments()).kernelsMatchExpansion();
        attention(24, 3, 1, 2, rows.positions(), rows.segments()).kernelsMatchExpansion();
    }

    /** Context and gradient of a loss that weighs every element differently. */
    private static float[][] run(float[] qkv, int headWidth, int heads, int sequences, Rows rows) {
        SameDiff graph = SameDiff.create();
        int tokens = rows.positions().length;
        SDVariable input = graph.var("qkv", Nd4j.createFromArray(qkv).reshape(tokens, 3L * heads * headWidth));
        SDVariable positions = graph.placeHolder("positions", DataType.INT, -1, -1);
        SDVariable segments = graph.placeHolder("segments", DataType.INT, -1, -1);
        Ops ops = new Ops(graph, Lowering.FUSED);
        SDVariable context = ops.attention(input, ops.causality(positions, segments, DataType.FLOAT), headWidth * heads, heads);
        String gradient = Gradients.of(context.mul(context).sum(), List.of("qkv")).get("qkv").name();
        long[] shape = {sequences, tokens / sequences};
        try (Plan plan = Plan.compile(graph, Map.of("positions", shape, "segments", shape), List.of(context.name(), gradient))) {
            PlanArrays.of(plan, "positions").assign(Nd4j.createFromArray(rows.positions()).reshape(shape));
            PlanArrays.of(plan, "segments").assign(Nd4j.createFromArray(rows.segments()).reshape(shape));
            plan.run();
            return new float[][] {PlanArrays.of(plan, context.name()).data().asFloat(), PlanArrays.of(plan, gradient).data().asFloat()};
        }
    }

    @Test
    void packedSequencesGiveWhatEachGivesAlone() {
        int[] lengths = {50, 90, 60};
        Random random = new Random(5);
        float[] qkv = new float[200 * 3 * 32];
        for (int i = 0; i < qkv.length; i++) {
            qkv[i] = (float) random.nextGaussian();
        }
        float[][] packed = run(qkv, 16, 2, 1, Rows.of(lengths));
        int start = 0;
        for (int length : lengths) {
            float[][] alone = run(Arrays.copyOfRange(qkv, start * 96, (start + length) * 96), 16, 2, 1, Rows.of(length));
            assertClose(alone[0], Arrays.copyOfRange(packed[0], start * 32, (start + length) * 32));
            assertClose(alone[1], Arrays.copyOfRange(packed[1], start * 96, (start + length) * 96));
            start += length;
        }
    }

    private static void assertClose(float[] expected, float[] seen) {
        assertEquals(expected.length, seen.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], seen[i], 1e-6f * Math.max(1, Math.abs(expected[i])), "element " + i);
        }
    }

    @Test
    void runsGiveTheSameBits() {
        Random random = new Random(6);
        float[] qkv = new float[400 * 3 * 32];
        for (int i = 0; i < qkv.length; i++) {
            qkv[i] = (float) random.nextGaussian();
        }
        float[][] once = run(qkv, 16, 2, 2, Rows.of(200, 200));
        float[][] again = run(qkv, 16, 2, 2, Rows.of(200, 200));
        assertArrayEquals(once[0], again[0], 0);
        assertArrayEquals(once[1], again[1], 0);
    }

    /** Bytes planned for twice the tokens are twice the bytes: nothing is kept for pairs of tokens. */
    @Test
    void memoryGrowsWithTheTokensNotWithTheirPairs() {
        long[] bytes = new long[2];
        for (int i = 0; i < 2; i++) {
            SameDiff graph = SameDiff.create();
            SDVariable qkv = graph.placeHolder("qkv", DataType.FLOAT, -1, 96).mul(1);
            SDVariable positions = graph.placeHolder("positions", DataType.INT, -1, -1);
            SDVariable segments = graph.placeHolder("segments", DataType.INT, -1, -1);
            Ops ops = new Ops(graph, Lowering.FUSED);
            SDVariable context = ops.attention(qkv, ops.causality(positions, segments, DataType.FLOAT), 32, 2);
            String gradient = Gradients.of(context.sum(), List.of(qkv.name())).get(qkv.name()).name();
            long length = 512L << i;
            long[] row = {1, length};
            Map<String, long[]> shapes = Map.of("qkv", new long[] {length, 96}, "positions", row, "segments", row);
            try (Plan plan = Plan.compile(graph, shapes, List.of(gradient))) {
                bytes[i] = plan.arenaBytes();
            }
        }
        assertTrue(bytes[1] <= 2 * bytes[0], bytes[0] + " bytes became " + bytes[1]);
    }

    @Test
    void rowsThatCannotHoldTheHeadsAreRefused() {
        SameDiff graph = SameDiff.create();
        SDVariable qkv = graph.var("qkv", Nd4j.zeros(DataType.FLOAT, 4, 25));
        SDVariable ids = graph.placeHolder("ids", DataType.INT, 1, 4);
        Ops ops = new Ops(graph, Lowering.FUSED);
        SDVariable context = ops.attention(qkv, ops.causality(ids, ids, DataType.FLOAT), 3, 4, 2);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> Plan.compile(graph, Map.of("ids", new long[] {1, 4}), List.of(context.name())));
        assertEquals("rows of 25 elements cannot hold 4 queries, 2 keys and 2 values of one width", e.getMessage());
    }
}
