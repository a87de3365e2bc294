package io.softq4j.graph;

import io.softq4j.graph.kernel.RelativeBuckets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;

class SightTest {

    private static final int[] POSITIONS = {0, 1, 2, 0, 1, 0, 1, 2, 3, 0};
    private static final int[] SEGMENTS = {1, 1, 1, 2, 2, 1, 1, 1, 1, 0};

    private static GradientCheck self(boolean causal, AttentionShape shape, RelativeBuckets buckets, int rows, int[] positions, int[] segments) {
        GradientCheck check = new GradientCheck((ops, in) -> {
            SDVariable qkv = in.get("qkv");
            Optional<Ops.RelativeBias> bias = Optional.ofNullable(buckets).map(b -> new Ops.RelativeBias(in.get("table"), b));
            Ops.Sight sight = causal ? ops.causality(in.get("positions"), in.get("segments"), qkv.dataType(), bias)
                    : ops.sameSegment(in.get("positions"), in.get("segments"), qkv.dataType(), bias);
            return List.of(ops.attention(qkv, sight, shape));
        }).variable("qkv", positions.length, (long) (shape.heads() + 2 * shape.keyValueHeads()) * shape.headWidth())
                .ints("positions", positions, rows, positions.length / rows)
                .ints("segments", segments, rows, positions.length / rows);
        return buckets == null ? check : check.variable("table", buckets.count(), shape.heads());
    }

    @Test
    void encoder() {
        self(false, AttentionShape.unscaled(4, 2), new RelativeBuckets(8, true, 4), 2, POSITIONS, SEGMENTS).expansionMatchesCentralDifferences();
        self(true, AttentionShape.unscaled(4, 2), new RelativeBuckets(4, false, 3), 2, POSITIONS, SEGMENTS).expansionMatchesCentralDifferences();
        self(true, AttentionShape.unscaled(4, 2), null, 2, POSITIONS, SEGMENTS).expansionMatchesCentralDifferences();
        self(false, AttentionShape.scaled(4, 2, 1), null, 2, POSITIONS, SEGMENTS).expansionMatchesCentralDifferences();
    }

    @Test
    void cross() {
        AttentionShape shape = AttentionShape.unscaled(4, 2);
        new GradientCheck((ops, in) -> List.of(ops.crossAttention(in.get("q"), in.get("kv"),
                ops.crossSight(in.get("qs"), in.get("ks"), in.get("q").dataType()), shape)))
                .variable("q", 6, 8).variable("kv", 10, 16).ints("qs", new int[] {1, 1, 2, 1, 3, 1}, 2, 3)
                .ints("ks", new int[] {2, 1, 1, 1, 0, 1, 1, 1, 2, 2}, 2, 5)
                .expansionMatchesCentralDifferences();
    }

    @Test
    void gated() {
        new GradientCheck((ops, in) -> List.of(ops.geGlu(in.get("x")))).variable("x", 3, 10).expansionMatchesCentralDifferences();
        new GradientCheck((ops, in) -> List.of(ops.relu(in.get("x")))).variable("x", 3, 10).expansionMatchesCentralDifferences();
    }
}
