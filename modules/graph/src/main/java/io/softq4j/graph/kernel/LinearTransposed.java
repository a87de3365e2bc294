package io.softq4j.graph.kernel;

import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * y = f(x) W^T + b, the linear layer of PyTorch, with f an {@link Activation} of the input: x {@code [N, K]}, W {@code [E, K]}, b
 * {@code [E]} or none, y {@code [N, E]}.
 */
public final class LinearTransposed extends KernelOp {

    private final Activation activation;

    /** Adds the op to {@code graph}. @param bias or null */
    public LinearTransposed(SameDiff graph, SDVariable x, SDVariable weight, SDVariable bias, Activation activation) {
        super(1, graph, bias == null ? new SDVariable[] {x, weight} : new SDVariable[] {x, weight, bias});
        this.activation = activation;
        addIArgument(activation.ordinal());
    }

    /** f. */
    public Activation activation() {
        return activation;
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long[] x = inputs.get(0);
        long[] w = inputs.get(1);
        boolean fits = x.length == 2 && w.length == 2 && x[1] == w[1]
                && (inputs.size() == 2 || Arrays.equals(inputs.get(2), new long[] {w[0]}));
        if (!fits) {
            throw new IllegalArgumentException("a transposed linear layer cannot take x, weight, bias of shapes "
                    + inputs.stream().map(Arrays::toString).toList() + "; they must be [N, K], [E, K], [E]");
        }
        return List.of(new long[] {x[0], w[0]});
    }

    @Override
    public long flops(List<long[]> inputs) {
        return Math.multiplyExact(2 * inputs.get(0)[0] * inputs.get(0)[1], inputs.get(1)[0]);
    }

    @Override
    public List<SDVariable> differentiate(List<SDVariable> gradients, boolean[] wanted) {
        return new LinearGradient(sameDiff, arg(0), arg(1), gradients.get(0), activation, true, wanted).terms();
    }
}
