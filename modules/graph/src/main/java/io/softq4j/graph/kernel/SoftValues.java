package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Rows;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.VectorMath;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Reduces rows of logits z: for each row the soft maximum V = tau logsumexp(z / tau), the logit that is picked q = z[x], and the entropy H of
 * softmax(z / tau) in nats.
 *
 * <p>Inputs z {@code [N, V]} float32 and x {@code [N]} int32; outputs V, q, H, each {@code [N]}. Only V and q have a gradient: with upstream
 * gradients A and B, dz = A softmax(z / tau) + B onehot(x), two scalars per row. Cross-entropy is the case A = -B = m / (tau N).
 */
public final class SoftValues extends KernelOp {

    private final float tau;

    /** Adds the op to {@code graph}. @param tau temperature, above 0 */
    public SoftValues(SameDiff graph, SDVariable logits, SDVariable actions, double tau) {
        super(3, graph, logits, actions);
        this.tau = (float) tau;
        addTArgument(tau);
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long[] rows = {inputs.get(0)[0]};
        return List.of(rows, rows, rows);
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        if (gradients.get(2) != null) {
            throw new IllegalStateException("the entropy output of " + getOwnName() + " is for logging and has no gradient");
        }
        SDVariable[] out = outputVariables();
        SDVariable dv = gradients.get(0) == null ? sameDiff.zerosLike(out[0]) : gradients.get(0);
        SDVariable dq = gradients.get(1) == null ? sameDiff.zerosLike(out[1]) : gradients.get(1);
        return Arrays.asList(new Gradient(sameDiff, arg(0), arg(1), out[0], dv, dq, tau).outputVariable(), null);
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        int rows = (int) inputs.get(0).size(0);
        int width = (int) inputs.get(0).size(1);
        FloatBuffer z = Memory.floats(inputs.get(0));
        IntBuffer x = Memory.ints(inputs.get(1));
        FloatBuffer v = Memory.floats(outputs.get(0));
        FloatBuffer q = Memory.floats(outputs.get(1));
        FloatBuffer entropy = Memory.floats(outputs.get(2));
        return () -> Workers.rows(rows, width, (piece, from, to) -> {
            float[] row = Scratch.row(0, width);
            float[] block = Scratch.row(1, SoftMax.BLOCK);
            for (int i = from; i < to; i++) {
                z.get(i * width, row, 0, width);
                float max = Rows.max(row, width);
                double[] sums = new double[2];
                for (int j = 0; j < width; j += SoftMax.BLOCK) {
                    int size = Math.min(SoftMax.BLOCK, width - j);
                    System.arraycopy(row, j, block, 0, size);
                    SoftMax.sums(block, size, max, tau, sums);
                }
                double sum = sums[0];
                double mean = sums[1];
                double log = StrictMath.log(sum);
                v.put(i, (float) (max + tau * log));
                q.put(i, row[x.get(i)]);
                entropy.put(i, (float) (log - mean / sum));
            }
        });
    }

    /** dz = dv exp((z - v) / tau) + dq onehot(x). Inputs z, x, v, dv, dq. */
    static final class Gradient extends KernelOp {

        private final float tau;

        Gradient(SameDiff graph, SDVariable logits, SDVariable actions, SDVariable v, SDVariable dv, SDVariable dq, float tau) {
            super(1, graph, logits, actions, v, dv, dq);
            this.tau = tau;
            addTArgument(tau);
        }

        @Override
        public List<long[]> outputShapes(List<long[]> inputs) {
            return List.of(inputs.get(0));
        }

        @Override
        public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
            int rows = (int) inputs.get(0).size(0);
            int width = (int) inputs.get(0).size(1);
            FloatBuffer z = Memory.floats(inputs.get(0));
            IntBuffer x = Memory.ints(inputs.get(1));
            FloatBuffer v = Memory.floats(inputs.get(2));
            FloatBuffer dv = Memory.floats(inputs.get(3));
            FloatBuffer dq = Memory.floats(inputs.get(4));
            FloatBuffer dz = Memory.floats(outputs.get(0));
            return () -> Workers.rows(rows, width, (piece, from, to) -> {
                float[] row = Scratch.row(0, width + VectorMath.SPECIES.length()); // whole vectors
                for (int i = from; i < to; i++) {
                    float a = dv.get(i);
                    if (a == 0) {
                        Arrays.fill(row, 0, width, 0f);
                    } else {
                        z.get(i * width, row, 0, width);
                        SoftMax.gradient(row, width, v.get(i), tau, a);
                    }
                    row[x.get(i)] += dq.get(i);
                    dz.put(i * width, row, 0, width);
                }
            });
        }
    }
}
