package io.softq4j.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.graph.machine.Memory;
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
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CrossAttentionTest {

    private static GradientCheck check(AttentionShape shape, int sequences, int[] querySegments, int[] keySegments) {
        return new GradientCheck((ops, in) -> List.of(ops.crossAttention(in.get("q"), in.get("kv"),
                ops.crossSight(in.get("querySegments"), in.get("keySegments"), in.get("q").dataType()), shape)))
                .variable("q", querySegments.length, (long) shape.heads() * shape.headWidth())
                .variable("kv", keySegments.length, 2L * shape.keyValueHeads() * shape.headWidth())
                .ints("querySegments", querySegments, sequences, querySegments.length / sequences)
                .ints("keySegments", keySegments, sequences, keySegments.length / sequences);
    }

    /** In the second row the query of segment 3 sees no key and the keys of segments 0 and 2 are seen by nobody. */
    @Test
    void queriesSeeTheKeysOfTheirSegment() {
        int[] queries = {1, 1, 2, 1, 3, 1};
        int[] keys = {2, 1, 1, 1, 0, 1, 1, 1, 2, 0};
        check(AttentionShape.unscaled(3, 2), 2, queries, keys).expansionMatchesCentralDifferences().kernelsMatchExpansion();
        check(AttentionShape.scaled(3, 4, 2), 2, queries, keys).kernelsMatchExpansion();
    }

    @Test
    void oneQueryAndManyKeysOrManyQueriesAndTwoKeys() {
        int[] many = new int[150];
        Arrays.fill(many, 0, 130, 1);
        check(AttentionShape.scaled(24, 3, 3), 1, new int[] {1}, many).kernelsMatchExpansion();
        check(AttentionShape.scaled(24, 3, 3), 1, many, new int[] {1, 1}).kernelsMatchExpansion();
    }

    /** Rows of several tiles and a rest, fewer keys than queries and more, some of segments that only one side has. */
    @Test
    void rowsLongerThanATile() {
        int[] longer = Rows.of(200, 30, 100, 70, -90, 110).segments();
        int[] shorter = Rows.of(70, 30, 20, 50, 30, 100).segments();
        check(AttentionShape.scaled(40, 2, 2), 3, longer, shorter).kernelsMatchExpansion();
        check(AttentionShape.scaled(40, 2, 1), 3, shorter, longer).kernelsMatchExpansion();
        check(AttentionShape.scaled(8, 1, 1), 1, Rows.of(140, 150).segments(), Rows.of(90, 600, 20).segments()).kernelsMatchExpansion();
    }

    /** More than a tile of queries that see nothing, and of keys that nobody sees. */
    @Test
    void whatSeesNothingIsZeroAndWhatNobodySeesHasNoGradient() {
        int[] querySegments = new int[140];
        int[] keySegments = new int[150];
        Arrays.fill(querySegments, 0, 10, 1);
        Arrays.fill(querySegments, 10, 140, 7);
        Arrays.fill(keySegments, 0, 20, 1);
        Arrays.fill(keySegments, 20, 150, 2);
        SameDiff graph = SameDiff.create();
        Random random = new Random(2);
        SDVariable q = graph.var("q", Nd4j.zeros(DataType.FLOAT, 140, 16));
        SDVariable kv = graph.var("kv", Nd4j.zeros(DataType.FLOAT, 150, 32));
        for (SDVariable variable : List.of(q, kv)) {
            Memory.fill(variable.getArr(), random::nextGaussian);
        }
        Ops ops = new Ops(graph, Lowering.FUSED);
        SDVariable context = ops.crossAttention(q, kv, ops.crossSight(graph.constant(Nd4j.createFromArray(querySegments).reshape(1, 140)),
                graph.constant(Nd4j.createFromArray(keySegments).reshape(1, 150)), DataType.FLOAT), AttentionShape.unscaled(8, 2));
        Map<String, SDVariable> gradients = Gradients.of(context.mul(context).sum().add(context.sum()), List.of("q", "kv"));
        String ofQuery = gradients.get("q").name();
        String ofKeys = gradients.get("kv").name();
        try (Plan plan = Plan.compile(graph, Map.of(), List.of(context.name(), ofQuery, ofKeys))) {
            for (int run = 0; run < 2; run++) {
                for (String name : List.of(context.name(), ofQuery, ofKeys)) {
                    PlanArrays.of(plan, name).assign(Float.NaN);
                }
                plan.run();
                assertZeroFrom(10, PlanArrays.of(plan, context.name()));
                assertZeroFrom(10, PlanArrays.of(plan, ofQuery));
                assertZeroFrom(20, PlanArrays.of(plan, ofKeys));
            }
        }
    }

    private static void assertZeroFrom(int row, INDArray array) {
        float[] values = array.data().asFloat();
        int width = (int) array.size(1);
        for (int i = 0; i < row * width; i++) {
            assertEquals(values[i], values[i], 0f, "element " + i); // no NaN
        }
        for (int i = row * width; i < values.length; i++) {
            assertEquals(0f, Math.abs(values[i]), "element " + i);
        }
    }

    @Test
    void arraysThatDoNotFitAreRefused() {
        assertEquals("rows of 8 and 24 elements cannot hold 2 queries and 2 keys and 2 values of one width", refusal(8, 24, 1));
        assertEquals("2 sequences of queries and 1 of keys", refusal(8, 16, 2));
    }

    private static String refusal(long queryWidth, long keyValueWidth, long sequences) {
        SameDiff graph = SameDiff.create();
        Ops ops = new Ops(graph, Lowering.FUSED);
        SDVariable context = ops.crossAttention(graph.var("q", Nd4j.zeros(DataType.FLOAT, 4, queryWidth)),
                graph.var("kv", Nd4j.zeros(DataType.FLOAT, 4, keyValueWidth)), ops.crossSight(graph.placeHolder("a", DataType.INT, -1, -1),
                        graph.placeHolder("b", DataType.INT, -1, -1), DataType.FLOAT), AttentionShape.unscaled(4, 2));
        return assertThrows(IllegalArgumentException.class, () -> Plan.compile(graph,
                Map.of("a", new long[] {sequences, 4 / sequences}, "b", new long[] {1, 4}), List.of(context.name()))).getMessage();
    }
}
