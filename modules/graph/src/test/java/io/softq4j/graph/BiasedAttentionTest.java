package io.softq4j.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.graph.kernel.RelativeBuckets;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Workers;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanArrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Attention as in T5: in one direction or both, without a scale, with a bias by distance. */
class BiasedAttentionTest {

    private static final RelativeBuckets BOTH_SIDES = new RelativeBuckets(8, true, 4);
    private static final RelativeBuckets ONE_SIDE = new RelativeBuckets(4, false, 3);

    private static final Rows SHORT = new Rows(new int[] {0, 1, 2, 0, 0, 1, 2, 0}, new int[] {1, 1, 1, 2, 1, 1, 1, 0});

    private static Ops.Sight sight(Ops ops, boolean causal, SDVariable positions, SDVariable segments, DataType type,
            Optional<Ops.RelativeBias> bias) {
        return causal ? ops.causality(positions, segments, type, bias) : ops.sameSegment(positions, segments, type, bias);
    }

    private static GradientCheck check(boolean causal, AttentionShape shape, Optional<RelativeBuckets> buckets, int sequences, Rows rows) {
        int tokens = rows.positions().length;
        GradientCheck check = new GradientCheck((ops, in) -> List.of(ops.attention(in.get("qkv"),
                sight(ops, causal, in.get("positions"), in.get("segments"), in.get("qkv").dataType(),
                        buckets.map(b -> new Ops.RelativeBias(in.get("table"), b))), shape)))
                .variable("qkv", tokens, (long) (shape.heads() + 2 * shape.keyValueHeads()) * shape.headWidth())
                .ints("positions", rows.positions(), sequences, tokens / sequences)
                .ints("segments", rows.segments(), sequences, tokens / sequences);
        return buckets.isEmpty() ? check : check.variable("table", buckets.get().count(), shape.heads());
    }

    @Test
    void inBothDirections() {
        check(false, AttentionShape.scaled(3, 2, 2), Optional.empty(), 2, SHORT).expansionMatchesCentralDifferences()
                .kernelsMatchExpansion();
        check(false, AttentionShape.unscaled(3, 2), Optional.of(BOTH_SIDES), 2, SHORT)
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
    }

    @Test
    void inOneDirection() {
        check(true, new AttentionShape(3, 2, 2, 0.7), Optional.empty(), 2, SHORT).expansionMatchesCentralDifferences()
                .kernelsMatchExpansion();
        check(true, AttentionShape.unscaled(3, 2), Optional.of(ONE_SIDE), 2, SHORT).expansionMatchesCentralDifferences()
                .kernelsMatchExpansion();
        check(true, AttentionShape.unscaled(3, 2), Optional.of(BOTH_SIDES), 2, SHORT).kernelsMatchExpansion();
    }

    @Test
    void withKeysAndValuesThatQueriesShare() {
        check(false, new AttentionShape(2, 4, 2, 1), Optional.of(BOTH_SIDES), 2, SHORT).kernelsMatchExpansion();
        check(true, new AttentionShape(24, 6, 2, 0.3), Optional.of(new RelativeBuckets(32, false, 128)), 2, Rows.of(70, 30, 40))
                .kernelsMatchExpansion();
    }

    /** 150 tokens are two tiles and a rest; in turn: one sequence, packed ones, padding on the left. */
    @Test
    void overRowsLongerThanATile() {
        Rows rows = Rows.of(150, 30, 100, 20, -70, 80);
        AttentionShape shape = new AttentionShape(8, 3, 3, 0.5);
        check(false, shape, Optional.empty(), 3, rows).kernelsMatchExpansion();
        check(false, shape, Optional.of(new RelativeBuckets(8, true, 128)), 3, rows).kernelsMatchExpansion();
        check(true, shape, Optional.of(new RelativeBuckets(8, false, 20)), 3, rows).kernelsMatchExpansion();
    }

    /** 530 tokens are nine tiles, more than are handled at once. */
    @Test
    void overRowsLongerThanABlockOfTiles() {
        check(false, new AttentionShape(8, 1, 1, 0.5), Optional.of(new RelativeBuckets(8, true, 128)), 1, Rows.of(530))
                .kernelsMatchExpansion();
    }

    /** Neither positions nor segments grow along the row. */
    @Test
    void overTokensInAnyOrder() {
        Random random = new Random(4);
        int[] positions = IntStream.range(0, 300).map(i -> i < 150 ? 7 * i % 150 : 299 - i).toArray();
        int[] segments = IntStream.range(0, 300).map(i -> i < 150 ? random.nextInt(3) : 5).toArray();
        check(true, AttentionShape.scaled(8, 2, 2), Optional.of(new RelativeBuckets(8, false, 30)), 2, new Rows(positions, segments))
                .kernelsMatchExpansion();
        check(false, AttentionShape.scaled(8, 2, 2), Optional.of(new RelativeBuckets(8, true, 30)), 2, new Rows(positions, segments))
                .kernelsMatchExpansion();
    }

    /** Of positions far beyond those of any table, only the differences count. */
    @Test
    void aShiftOfAllPositionsChangesNothing() {
        Rows rows = Rows.of(90);
        int[] shifted = IntStream.of(rows.positions()).map(p -> p + 1_000_000).toArray();
        float[][] near = run(rows, 1);
        float[][] far = run(new Rows(shifted, rows.segments()), 1);
        for (int i = 0; i < near.length; i++) {
            assertArrayEquals(near[i], far[i]);
        }
    }

    @Test
    void packedSequencesGiveWhatEachGivesAlone() {
        float[][] packed = run(Rows.of(70, 70), 1);
        float[][] alone = run(Rows.of(70, 70), 2);
        for (int i = 0; i < packed.length; i++) {
            assertArrayEquals(alone[i], packed[i], 2e-4f);
        }
    }

    @Test
    void runsGiveTheSameBits() {
        float[][] once = run(Rows.of(200, 200), 2);
        float[][] again = run(Rows.of(200, 200), 2);
        for (int i = 0; i < once.length; i++) {
            assertArrayEquals(once[i], again[i]);
        }
    }

    /** While another caller has the team of workers, a plan's pieces run on the calling thread alone. */
    @Test
    void oneThreadGivesTheSameBitsAsSeveral() throws Exception {
        float[][] several = run(Rows.of(150, 50, 200), 2);
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Thread other = new Thread(() -> Workers.forEach(2, piece -> {
            taken.countDown();
            try {
                done.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        other.start();
        taken.await();
        float[][] alone = run(Rows.of(150, 50, 200), 2);
        done.countDown();
        other.join();
        for (int i = 0; i < several.length; i++) {
            assertArrayEquals(several[i], alone[i]);
        }
    }

    /** Context, gradient of q k v and gradient of the table, of a loss that weighs every element differently. */
    private static float[][] run(Rows rows, int sequences) {
        int tokens = rows.positions().length;
        Random random = new Random(6);
        SameDiff graph = SameDiff.create();
        SDVariable qkv = graph.var("qkv", Nd4j.zeros(DataType.FLOAT, tokens, 96));
        SDVariable table = graph.var("table", Nd4j.zeros(DataType.FLOAT, 32, 2));
        for (SDVariable variable : List.of(qkv, table)) {
            Memory.fill(variable.getArr(), random::nextGaussian);
        }
        SDVariable positions = graph.placeHolder("positions", DataType.INT, -1, -1);
        SDVariable segments = graph.placeHolder("segments", DataType.INT, -1, -1);
        Ops ops = new Ops(graph, Lowering.FUSED);
        Ops.Sight sight = ops.sameSegment(positions, segments, DataType.FLOAT,
                Optional.of(new Ops.RelativeBias(table, new RelativeBuckets(32, true, 128))));
        SDVariable context = ops.attention(qkv, sight, AttentionShape.scaled(16, 2, 2));
        Map<String, SDVariable> gradients = Gradients.of(context.mul(context).sum(), List.of("qkv", "table"));
        List<String> outputs = List.of(context.name(), gradients.get("qkv").name(), gradients.get("table").name());
        long[] shape = {sequences, tokens / sequences};
        try (Plan plan = Plan.compile(graph, Map.of("positions", shape, "segments", shape), outputs)) {
            plan.write("positions", rows.positions());
            plan.write("segments", rows.segments());
            plan.run();
            return outputs.stream().map(name -> PlanArrays.of(plan, name).data().asFloat()).toArray(float[][]::new);
        }
    }

    @Test
    void aTableOfOtherBucketsOrHeadsIsRefused() {
        SameDiff graph = SameDiff.create();
        Ops ops = new Ops(graph, Lowering.FUSED);
        SDVariable ids = graph.placeHolder("ids", DataType.INT, 1, 4);
        Ops.RelativeBias bias = new Ops.RelativeBias(graph.var("table", Nd4j.zeros(DataType.FLOAT, 32, 3)), new RelativeBuckets(32, true,
                128));
        SDVariable context = ops.attention(graph.var("qkv", Nd4j.zeros(DataType.FLOAT, 4, 24)),
                ops.sameSegment(ids, ids, DataType.FLOAT, Optional.of(bias)), AttentionShape.unscaled(4, 2));
        assertEquals("a table of 96 biases is not one of 32 buckets and 2 heads", assertThrows(IllegalArgumentException.class,
                () -> Plan.compile(graph, Map.of("ids", new long[] {1, 4}), List.of(context.name()))).getMessage());
    }
}
