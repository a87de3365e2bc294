package io.softq4j.graph.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Causal multi-head self-attention, softmax(q k^T / sqrt(K)) v over the tokens of the same segment at positions up to the query's own. One head
 * of one sequence at a
 * time, one query after another: no {@code [T, T]} array exists.
 *
 * <p>Inputs q k v side by side {@code [N, 3 D]} float32, positions and segments {@code [B, T]} int32; outputs context {@code [N, D]} and, for
 * the gradient, the
 * log-sum-exp of the scores {@code [B H T]}.
 */
public final class Attention extends KernelOp {

    private final int heads;

    public Attention(SameDiff graph, SDVariable qkv, SDVariable positions, SDVariable segments, int heads) {
        super(2, graph, qkv, positions, segments);
        this.heads = heads;
        addIArgument(heads);
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long rows = inputs.get(0)[0];
        return List.of(new long[] {rows, inputs.get(0)[1] / 3}, new long[] {rows * heads});
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        SDVariable[] out = outputVariables();
        return Arrays.asList(new Gradient(sameDiff, arg(0), arg(1), arg(2), out[0], out[1], gradients.get(0), heads).outputVariable(), null, null);
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        Layout layout = new Layout(inputs.get(1), (int) inputs.get(0).size(1) / 3, heads);
        Visibility visibility = new Visibility(Memory.ints(inputs.get(1)), Memory.ints(inputs.get(2)), layout.length());
        FloatBuffer qkv = Memory.floats(inputs.get(0));
        FloatBuffer context = Memory.floats(outputs.get(0));
        FloatBuffer logSums = Memory.floats(outputs.get(1));
        return () -> layout.forEachHead((sequence, head) -> {
            Head h = new Head(layout, qkv, sequence, head);
            float[] weights = Scratch.row(8, layout.paddedLength());
            float[] sum = Scratch.row(9, layout.paddedWidth());
            for (int i = 0; i < layout.length(); i++) {
                float max = h.scores(i, visibility, weights);
                float total = Rows.expSum(weights, visibility.from(), visibility.to(), max);
                h.weightedSum(h.values, weights, visibility, 1 / total, sum);
                context.put(layout.row(sequence, i) * layout.width() + head * layout.headWidth(), sum, 0, layout.headWidth());
                logSums.put(layout.lane(sequence, head, i), (float) (max + Math.log(total)));
            }
        });
    }

    /**
     * d(q k v). With p the attention weights, o the context and do its gradient: dv_j = sum_i p_ij do_i; ds_ij = p_ij (do_i . v_j - do_i . o_i)
     * / sqrt(K);
     * dq_i = sum_j ds_ij k_j; dk_j = sum_i ds_ij q_i. Inputs qkv, positions, segments, context, log-sums, d(context).
     */
    static final class Gradient extends KernelOp {

        private final int heads;

        Gradient(SameDiff graph, SDVariable qkv, SDVariable positions, SDVariable segments, SDVariable context, SDVariable logSums,
                SDVariable dContext, int heads) {
            super(1, graph, qkv, positions, segments, context, logSums, dContext);
            this.heads = heads;
            addIArgument(heads);
        }

        @Override
        public List<long[]> outputShapes(List<long[]> inputs) {
            return List.of(inputs.get(0));
        }

        @Override
        public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
            Layout layout = new Layout(inputs.get(1), (int) inputs.get(0).size(1) / 3, heads);
            Visibility visibility = new Visibility(Memory.ints(inputs.get(1)), Memory.ints(inputs.get(2)), layout.length());
            FloatBuffer qkv = Memory.floats(inputs.get(0));
            FloatBuffer context = Memory.floats(inputs.get(3));
            FloatBuffer logSums = Memory.floats(inputs.get(4));
            FloatBuffer dContext = Memory.floats(inputs.get(5));
            FloatBuffer dQkv = Memory.floats(outputs.get(0));
            return () -> layout.forEachHead((sequence, head) -> differentiate(layout, visibility, new Head(layout, qkv, sequence, head), context,
                    logSums, dContext, dQkv, sequence, head));
        }

        private static void differentiate(Layout layout, Visibility visibility, Head h, FloatBuffer context, FloatBuffer logSums,
                                          FloatBuffer dContext, FloatBuffer dQkv, int sequence, int head) {
            int width = layout.paddedWidth();
            float[] weights = Scratch.row(8, layout.paddedLength());
            float[] dQuery = Scratch.row(9, width);
            float[] dOut = Scratch.row(10, width);
            float[] out = Scratch.row(11, width);
            float[] dScores = Scratch.row(12, layout.paddedLength());
            float[] dKeys = Scratch.row(13, layout.length() * width);
            float[] dValues = Scratch.row(14, layout.length() * width);
            Arrays.fill(dKeys, 0, layout.length() * width, 0f);
            Arrays.fill(dValues, 0, layout.length() * width, 0f);
            Arrays.fill(dOut, 0, width, 0f);
            for (int i = 0; i < layout.length(); i++) {
                int at = layout.row(sequence, i) * layout.width() + head * layout.headWidth();
                dContext.get(at, dOut, 0, layout.headWidth());
                context.get(at, out, 0, layout.headWidth());
                float mean = Rows.dot(dOut, out, layout.headWidth());
                h.scores(i, visibility, weights);
                Rows.exp(weights, visibility.from(), visibility.to(), logSums.get(layout.lane(sequence, head, i)));
                h.products(dOut, 0, h.valuesTransposed, visibility, 1, dScores);
                Rows.timesDifference(weights, dScores, mean, h.scale, visibility.from(), visibility.to());
                h.weightedSum(h.keys, dScores, visibility, 1, dQuery);
                h.addOuter(dKeys, dScores, h.queries, i * width, visibility);
                h.addOuter(dValues, weights, dOut, 0, visibility);
                dQkv.put(layout.row(sequence, i) * 3 * layout.width() + head * layout.headWidth(), dQuery, 0, layout.headWidth());
            }
            for (int j = 0; j < layout.length(); j++) {
                int at = layout.row(sequence, j) * 3 * layout.width() + head * layout.headWidth();
                dQkv.put(at + layout.width(), dKeys, j * width, layout.headWidth());
                dQkv.put(at + 2 * layout.width(), dValues, j * width, layout.headWidth());
            }
        }
    }
}
