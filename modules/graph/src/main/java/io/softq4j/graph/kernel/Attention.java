package io.softq4j.graph.kernel;

import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Causal multi-head self-attention, softmax(q k^T / sqrt(K)) v over the tokens of the same segment at positions up to the query's own, in tiles
 * with a running softmax (Dao et al. 2022, "FlashAttention", algorithm 1): no {@code [T, T]} array exists.
 *
 * <p>With H heads of queries and G of keys and values, each shared by H / G queries in a row: inputs q k v side by side {@code [N, (H + 2 G) K]}
 * float32, positions and segments {@code [B, T]} int32; outputs context {@code [N, H K]} and, for the gradient, the log-sum-exp of the scores
 * {@code [B H T]}.
 */
public final class Attention extends KernelOp {

    private final int heads;
    private final int keyValueHeads;

    /** Adds the op to {@code graph}, with as many keys and values as queries. */
    public Attention(SameDiff graph, SDVariable qkv, SDVariable positions, SDVariable segments, int heads) {
        this(graph, qkv, positions, segments, heads, heads);
    }

    /** Adds the op to {@code graph}. @param keyValueHeads G, a divisor of {@code heads} */
    public Attention(SameDiff graph, SDVariable qkv, SDVariable positions, SDVariable segments, int heads, int keyValueHeads) {
        super(2, graph, qkv, positions, segments);
        this.heads = heads;
        this.keyValueHeads = keyValueHeads;
        addIArgument(heads, keyValueHeads);
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long rows = inputs.get(0)[0];
        long headWidth = Layout.headWidth(inputs.get(0)[1], heads, keyValueHeads);
        return List.of(new long[] {rows, heads * headWidth}, new long[] {rows * heads});
    }

    @Override
    public long flops(List<long[]> inputs) {
        return product(inputs, heads, keyValueHeads, 2);
    }

    /** Of products of all queries with the keys up to their own, in rows without padding: half of what they were without causality. */
    private static long product(List<long[]> inputs, int heads, int keyValueHeads, int products) {
        long width = heads * Layout.headWidth(inputs.get(0)[1], heads, keyValueHeads);
        return Math.multiplyExact(products * width * (inputs.get(1)[1] + 1), inputs.get(0)[0]);
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        SDVariable[] out = outputVariables();
        SDVariable dQkv = new Gradient(sameDiff, arg(0), arg(1), arg(2), out[0], out[1], gradients.get(0), heads, keyValueHeads).outputVariable();
        return Arrays.asList(dQkv, null, null);
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        Layout layout = Layout.of(inputs.get(1), inputs.get(0), heads, keyValueHeads);
        Visibility visibility = new Visibility(Memory.ints(inputs.get(1)), Memory.ints(inputs.get(2)), layout.length());
        return new AttentionForward(layout, visibility, Memory.address(inputs.get(0)), Memory.floats(outputs.get(0)), Memory.floats(outputs.get(1)));
    }

    /** d(q k v). Inputs qkv, positions, segments, context, log-sums, d(context). */
    static final class Gradient extends KernelOp {

        private final int heads;
        private final int keyValueHeads;

        Gradient(SameDiff graph, SDVariable qkv, SDVariable positions, SDVariable segments, SDVariable context, SDVariable logSums,
                SDVariable dContext, int heads, int keyValueHeads) {
            super(1, graph, qkv, positions, segments, context, logSums, dContext);
            this.heads = heads;
            this.keyValueHeads = keyValueHeads;
            addIArgument(heads, keyValueHeads);
        }

        @Override
        public List<long[]> outputShapes(List<long[]> inputs) {
            return List.of(inputs.get(0));
        }

        @Override
        public long flops(List<long[]> inputs) {
            return product(inputs, heads, keyValueHeads, 5);
        }

        @Override
        public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
            Layout layout = Layout.of(inputs.get(1), inputs.get(0), heads, keyValueHeads);
            Visibility visibility = new Visibility(Memory.ints(inputs.get(1)), Memory.ints(inputs.get(2)), layout.length());
            return new AttentionBackward(layout, visibility, inputs.get(0), inputs.get(3), inputs.get(4), inputs.get(5), outputs.get(0));
        }
    }
}
