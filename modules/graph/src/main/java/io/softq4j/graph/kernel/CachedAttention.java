package io.softq4j.graph.kernel;

import java.util.List;
import java.util.Optional;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * {@link Attention} of one new token in each of R rows over the tokens of the row in a cache and itself. The op writes the new key and
 * value into the cache, in place.
 *
 * <p>Inputs q k v side by side {@code [R, (H + 2 G) K]} float32; how many tokens of each row are cached {@code [R]} int32, -1 for an idle
 * row, which costs nothing; the caches of keys and of values, {@code [R, G, C, K]} float32 each: a head's keys lie one after another, as
 * both products with them read them; with a bias, its table {@code [buckets, H]}. A cached token's position is its place in the cache.
 * Output context {@code [R, H K]}, 0 in idle rows. For generation alone: without gradient.
 */
public final class CachedAttention extends KernelOp {

    private final int heads;
    private final int keyValueHeads;
    private final double scale;
    private final Optional<RelativeBuckets> buckets;

    /** Adds the op to {@code graph}. @param keyValueHeads G, a divisor of {@code heads} */
    public CachedAttention(SameDiff graph, SDVariable qkv, SDVariable cached, SDVariable keys, SDVariable values, int heads,
            int keyValueHeads,
            double scale) {
        this(graph, heads, keyValueHeads, scale, Optional.empty(), qkv, cached, keys, values);
    }

    /** With a bias by the positions of query and key. @param table {@code [buckets, H]} */
    public CachedAttention(SameDiff graph, SDVariable qkv, SDVariable cached, SDVariable keys, SDVariable values, SDVariable table,
            RelativeBuckets buckets, int heads, int keyValueHeads, double scale) {
        this(graph, heads, keyValueHeads, scale, Optional.of(buckets), qkv, cached, keys, values, table);
    }

    private CachedAttention(SameDiff graph, int heads, int keyValueHeads, double scale, Optional<RelativeBuckets> buckets,
            SDVariable... inputs) {
        super(1, graph, inputs);
        this.heads = heads;
        this.keyValueHeads = keyValueHeads;
        this.scale = scale;
        this.buckets = buckets;
        addIArgument(heads, keyValueHeads);
        addTArgument(scale);
    }

    /** How the heads lie in the arrays. @param inputs their shapes */
    public Layout layout(List<long[]> inputs) {
        return Layout.sideBySide((int) inputs.get(0)[0], 1, inputs.get(0)[1], heads, keyValueHeads);
    }

    /** What q k^T is multiplied with. */
    public double scale() {
        return scale;
    }

    /** Of the bias, or empty. */
    public Optional<RelativeBuckets> buckets() {
        return buckets;
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        return List.of(new long[] {inputs.get(0)[0], (long) heads * Layout.headWidth(inputs.get(0)[1], heads, keyValueHeads)});
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        throw new UnsupportedOperationException(getOwnName() + " attends over a cache that holds values alone, and has no gradient");
    }
}
