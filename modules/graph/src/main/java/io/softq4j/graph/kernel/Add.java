package io.softq4j.graph.kernel;

import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** x + y of the same shape, as on a residual path; the gradient passes to both as it is. */
public final class Add extends KernelOp {

    /** Adds the op to {@code graph}. */
    public Add(SameDiff graph, SDVariable x, SDVariable y) {
        super(1, graph, x, y);
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long[] x = inputs.get(0);
        long[] y = inputs.get(1);
        if (!Arrays.equals(x, y)) {
            throw new IllegalArgumentException("cannot add " + Arrays.toString(y) + " to " + Arrays.toString(x));
        }
        return List.of(x);
    }

    @Override
    public int inPlaceOf(int output) {
        return 0;
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        SDVariable g = gradients.get(0);
        return List.of(g, g);
    }
}
