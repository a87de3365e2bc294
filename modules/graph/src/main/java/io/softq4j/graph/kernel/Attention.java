package io.softq4j.graph.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Multi-head attention, softmax(scale q k^T + bias) v over the keys that a query sees, in tiles with a running softmax (Dao et al. 2022,
 * "FlashAttention", algorithm 1): no {@code [T, S]} array exists. The context of a query that sees no key is 0.
 *
 * <p>With H heads of queries and G of keys and values, each shared by H / G queries in a row: outputs context {@code [B T, H K]} and, for
 * the gradient, the log-sum-exp of the scores {@code [B H T]}. All floating inputs are float32, all others int32.
 */
public final class Attention extends KernelOp {

    private final AttentionSpec spec;

    private Attention(SameDiff graph, AttentionSpec spec, SDVariable... inputs) {
        super(2, graph, inputs);
        this.spec = spec;
        addIArgument(spec.heads(), spec.keyValueHeads());
        addBArgument(spec.across(), spec.causal());
        addTArgument(spec.scale());
    }

    /**
     * Adds the attention of tokens to those of the same segment in their row.
     *
     * @param qkv           queries, keys and values side by side, {@code [B T, (H + 2 G) K]}
     * @param positions     {@code [B, T]}, as {@code segments}
     * @param causal        whether a token sees only tokens at positions up to its own
     * @param keyValueHeads G, a divisor of {@code heads}
     * @param scale         what q k^T is multiplied with
     */
    public static Attention within(SameDiff graph, SDVariable qkv, SDVariable positions, SDVariable segments, boolean causal, int heads,
            int keyValueHeads, double scale) {
        return new Attention(graph, new AttentionSpec(false, causal, Optional.empty(), heads, keyValueHeads, scale), qkv, positions,
                segments);
    }

    /** As {@link #within}, with a bias by the positions of query and key. @param table {@code [buckets, H]} */
    public static Attention biased(SameDiff graph, SDVariable qkv, SDVariable positions, SDVariable segments, boolean causal,
            SDVariable table,
            RelativeBuckets buckets, int heads, int keyValueHeads, double scale) {
        return new Attention(graph, new AttentionSpec(false, causal, Optional.of(buckets), heads, keyValueHeads, scale), qkv, positions,
                segments,
                table);
    }

    /**
     * Adds the attention of the tokens of B sequences to those of the same segment number in B others.
     *
     * @param query         {@code [B T, H K]}
     * @param keyValue      keys, then values, {@code [B S, 2 G K]}
     * @param querySegments {@code [B, T]}
     * @param keySegments   {@code [B, S]}
     * @param keyValueHeads G, a divisor of {@code heads}
     * @param scale         what q k^T is multiplied with
     */
    public static Attention across(SameDiff graph, SDVariable query, SDVariable keyValue, SDVariable querySegments, SDVariable keySegments,
            int heads, int keyValueHeads, double scale) {
        return new Attention(graph, new AttentionSpec(true, false, Optional.empty(), heads, keyValueHeads, scale), query, keyValue,
                querySegments,
                keySegments);
    }

    /** The output that is not for the gradient alone. */
    public SDVariable context() {
        return outputVariables()[0];
    }

    /** What it computes. */
    public AttentionSpec spec() {
        return spec;
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long rows = inputs.get(0)[0];
        return List.of(new long[] {rows, (long) spec.heads() * spec.headWidth(inputs)}, new long[] {rows * spec.heads()});
    }

    @Override
    public long flops(List<long[]> inputs) {
        return spec.flops(inputs, 2);
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        SDVariable[] out = outputVariables();
        SDVariable[] found = new Gradient(sameDiff, spec, spec.and(args(), out[0], out[1], gradients.get(0))).outputVariables();
        SDVariable[] ofInputs = new SDVariable[spec.inputs()];
        ofInputs[0] = found[0];
        if (found.length > 1) {
            ofInputs[spec.across() ? 1 : 3] = found[1];
        }
        return Arrays.asList(ofInputs);
    }

    /** d(q k v) and, with a bias, what is added to d(table); or d(q) and d(k v). Inputs as the op's, then context, log-sums, d(context). */
    public static final class Gradient extends KernelOp {

        private final AttentionSpec spec;

        Gradient(SameDiff graph, AttentionSpec spec, SDVariable... inputs) {
            super(spec.inputs() == 4 ? 2 : 1, graph, inputs);
            this.spec = spec;
            addIArgument(spec.heads(), spec.keyValueHeads());
            addBArgument(spec.across(), spec.causal());
            addTArgument(spec.scale());
        }

        /** What it computes. */
        public AttentionSpec spec() {
            return spec;
        }

        @Override
        public List<long[]> outputShapes(List<long[]> inputs) {
            List<long[]> shapes = new ArrayList<>(List.of(inputs.get(0)));
            if (getNumOutputs() > 1) {
                shapes.add(inputs.get(spec.across() ? 1 : 3));
            }
            return shapes;
        }

        @Override
        public boolean adds(int output) {
            return output == 1 && !spec.across();
        }

        @Override
        public long flops(List<long[]> inputs) {
            return spec.flops(inputs, 5);
        }
    }
}
