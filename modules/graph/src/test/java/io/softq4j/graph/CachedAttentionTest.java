package io.softq4j.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.graph.kernel.RelativeBuckets;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanArrays;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CachedAttentionTest {

    private static final int CAPACITY = 150;

    private static float[] gaussian(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** A plan that has run once, with the names of context and, where they come out, key and value. */
    private record Step(Plan plan, List<String> names) implements AutoCloseable {

        double context(int row, int element) {
            return PlanArrays.of(plan, names.get(0)).getDouble(row, element);
        }

        @Override
        public void close() {
            plan.close();
        }
    }

    /** One step, its caches filled with the same numbers whatever the lowering. */
    private static Step step(Lowering lowering, AttentionShape shape, Optional<RelativeBuckets> buckets, int[] lengths) {
        int headWidth = shape.headWidth();
        int keyValueHeads = shape.keyValueHeads();
        SameDiff graph = SameDiff.create();
        int rows = lengths.length;
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("qkv", new long[] {rows, (long) (shape.heads() + 2 * keyValueHeads) * headWidth});
        shapes.put("lengths", new long[] {rows});
        shapes.put("mask", new long[] {rows, 1, 1, CAPACITY});
        shapes.put("keys", new long[] {rows, keyValueHeads, CAPACITY, headWidth});
        shapes.put("values", new long[] {rows, keyValueHeads, CAPACITY, headWidth});
        Map<String, SDVariable> in = new LinkedHashMap<>();
        shapes.forEach((name, extents) -> in.put(name, graph.placeHolder(name, name.equals("lengths") ? DataType.INT : DataType.FLOAT,
                extents)));
        Optional<Ops.RelativeBias> bias = buckets.map(b -> new Ops.RelativeBias(graph.var("table", table(b, shape.heads())), b));
        Ops.Cached step = new Ops(graph, lowering).cachedAttention(in.get("qkv"),
                new Ops.Cache(in.get("lengths"), in.get("mask"), in.get("keys"), in.get("values")), shape, bias);
        List<String> outputs = lowering == Lowering.FUSED ? List.of(step.context().name())
                : List.of(step.context().name(), step.key().name(), step.value().name());
        Plan plan = Plan.compile(graph, shapes, outputs);
        Random random = new Random(3);
        for (String name : List.of("qkv", "keys", "values")) {
            plan.write(name, gaussian(random, (int) PlanArrays.of(plan, name).length()));
        }
        if (lowering == Lowering.FUSED) {
            plan.write("lengths", lengths);
        } else {
            float[] mask = new float[rows * CAPACITY];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = i % CAPACITY < lengths[i / CAPACITY] ? 0 : -1e9f;
            }
            plan.write("mask", mask);
        }
        plan.run();
        return new Step(plan, outputs);
    }

    private static INDArray table(RelativeBuckets buckets, int heads) {
        return Nd4j.createFromArray(gaussian(new Random(8), buckets.count() * heads)).reshape(buckets.count(), heads);
    }

    private static void assertKernelIsExpansion(int headWidth, int heads, int keyValueHeads, int... lengths) {
        assertKernelIsExpansion(AttentionShape.scaled(headWidth, heads, keyValueHeads), Optional.empty(), lengths);
    }

    private static void assertKernelIsExpansion(AttentionShape shape, Optional<RelativeBuckets> buckets, int... lengths) {
        int heads = shape.heads();
        int headWidth = shape.headWidth();
        int keyValueHeads = shape.keyValueHeads();
        try (Step exact = step(Lowering.STANDARD, shape, buckets, lengths); Step fused = step(Lowering.FUSED, shape, buckets, lengths)) {
            for (int row = 0; row < lengths.length; row++) {
                for (int i = 0; i < heads * headWidth; i++) {
                    assertEquals(lengths[row] < 0 ? 0 : exact.context(row, i), fused.context(row, i), 1e-5, "row " + row + " element " + i);
                }
                for (int head = 0; head < keyValueHeads && lengths[row] >= 0; head++) {
                    assertNewToken(PlanArrays.of(exact.plan(), exact.names().get(1)), PlanArrays.of(fused.plan(), "keys"), row, head,
                            lengths[row]);
                    assertNewToken(PlanArrays.of(exact.plan(), exact.names().get(2)), PlanArrays.of(fused.plan(), "values"), row, head,
                            lengths[row]);
                }
            }
        }
    }

    private static void assertNewToken(INDArray expected, INDArray cache, int row, int head, int at) {
        for (int k = 0; k < cache.size(3); k++) {
            assertEquals(expected.getDouble(row, head, 0, k), cache.getDouble(row, head, at, k));
        }
    }

    /** Rows at positions of their own, some idle, one with nothing cached, one that fills the cache. */
    @Test
    void kernelAttendsAsTheExpansionAndKeepsTheNewToken() {
        assertKernelIsExpansion(40, 3, 3, 0, -1, 70, 149, 63, 64);
        assertKernelIsExpansion(64, 2, 2, 128, -1, 5);
    }

    @Test
    void queriesShareKeysAndValues() {
        assertKernelIsExpansion(24, 6, 2, 17, 100, -1, 0);
        assertKernelIsExpansion(8, 4, 1, 3, 149);
    }

    @Test
    void scoresTakeAScaleAndABias() {
        assertKernelIsExpansion(new AttentionShape(24, 6, 2, 0.5), Optional.of(new RelativeBuckets(32, false, 128)), 17, 149, -1, 0);
        assertKernelIsExpansion(AttentionShape.unscaled(5, 3), Optional.of(new RelativeBuckets(4, false, 5)), 64, 1, 70);
    }

    /** The last token of a sequence attends as it does when all come at once. */
    @Test
    void aStepGivesWhatTheWholeSequenceGives() {
        int length = 130;
        AttentionShape shape = new AttentionShape(8, 2, 2, 0.4);
        RelativeBuckets buckets = new RelativeBuckets(32, false, 128);
        try (Step step = step(Lowering.FUSED, shape, Optional.of(buckets), new int[] {length})) {
            SameDiff graph = SameDiff.create();
            SDVariable qkv = graph.var("qkv", wholeSequence(step.plan(), length, shape));
            SDVariable positions = graph.constant(Nd4j.arange(length + 1).castTo(DataType.INT).reshape(1, length + 1));
            SDVariable segments = graph.constant(Nd4j.ones(DataType.INT, 1, length + 1));
            Ops ops = new Ops(graph, Lowering.FUSED);
            SDVariable context = ops.attention(qkv, ops.causality(positions, segments, DataType.FLOAT,
                    Optional.of(new Ops.RelativeBias(graph.var("table", table(buckets, 2)), buckets))), shape);
            try (Plan plan = Plan.compile(graph, Map.of(), List.of(context.name()))) {
                plan.run();
                for (int i = 0; i < 16; i++) {
                    assertEquals(PlanArrays.of(plan, context.name()).getDouble(length, i), step.context(0, i), 1e-5, "element " + i);
                }
            }
        }
    }

    /** q k v of the tokens in the cache, whose queries do not matter, and of the new one. */
    private static INDArray wholeSequence(Plan step, int length, AttentionShape shape) {
        int width = shape.heads() * shape.headWidth();
        INDArray all = Nd4j.zeros(DataType.FLOAT, length + 1, 3 * width);
        for (int i = 0; i < width; i++) {
            for (int t = 0; t < length; t++) {
                all.putScalar(t, width + i, PlanArrays.of(step, "keys").getDouble(0, i / shape.headWidth(), t, i % shape.headWidth()));
                all.putScalar(t, 2 * width + i, PlanArrays.of(step, "values").getDouble(0, i / shape.headWidth(), t,
                        i % shape.headWidth()));
            }
        }
        all.putRow(length, PlanArrays.of(step, "qkv").getRow(0));
        return all;
    }

    @Test
    void whatIsBeyondTheRowsTokensDoesNotMatter() {
        try (Step step = step(Lowering.FUSED, AttentionShape.scaled(16, 2, 2), Optional.empty(), new int[] {70})) {
            double before = step.context(0, 5);
            INDArray keys = PlanArrays.of(step.plan(), "keys");
            for (int token = 71; token < CAPACITY; token++) {
                keys.putScalar(new long[] {0, 0, token, 3}, Double.NaN);
            }
            step.plan().run();
            assertEquals(before, step.context(0, 5));
        }
    }

    @Test
    void aFullCacheIsRefused() {
        int[] lengths = new int[2];
        Arrays.fill(lengths, CAPACITY);
        assertEquals("row 0 has 150 tokens cached, as many as the cache of 150 holds: there is no place for another",
                assertThrows(IllegalArgumentException.class, () -> step(Lowering.FUSED, AttentionShape.scaled(16, 2, 2), Optional.empty(),
                lengths))
                        .getMessage());
    }
}
