package io.softq4j.graph.kernel;

import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Reduces rows of logits z: for each row the soft maximum V = tau logsumexp(z / tau), the logit that is picked q = z[x], and the entropy H
 * of softmax(z / tau) in nats.
 *
 * <p>Inputs z {@code [N, V]} float32 and x {@code [N]} int32; outputs V, q, H, each {@code [N]}. Only V and q have a gradient: with
 * upstream gradients A and B, dz = A softmax(z / tau) + B onehot(x), two scalars per row. Cross-entropy is the case A = -B = m / (tau N).
 */
public final class SoftValues extends KernelOp {

    private final float tau;

    /** Adds the op to {@code graph}. @param tau temperature, above 0 */
    public SoftValues(SameDiff graph, SDVariable logits, SDVariable actions, double tau) {
        super(3, graph, logits, actions);
        this.tau = (float) tau;
        addTArgument(tau);
    }

    /** The temperature. */
    public float tau() {
        return tau;
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

    /** dz = dv exp((z - v) / tau) + dq onehot(x). Inputs z, x, v, dv, dq. */
    public static final class Gradient extends KernelOp {

        private final float tau;

        Gradient(SameDiff graph, SDVariable logits, SDVariable actions, SDVariable v, SDVariable dv, SDVariable dq, float tau) {
            super(1, graph, logits, actions, v, dv, dq);
            this.tau = tau;
            addTArgument(tau);
        }

        /** The temperature. */
        public float tau() {
            return tau;
        }

        @Override
        public List<long[]> outputShapes(List<long[]> inputs) {
            return List.of(inputs.get(0));
        }
    }
}
