package io.softq4j.graph.kernel;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** {@link Activation#GELU_NEW} as an op of its own; any shape. */
public final class Gelu extends KernelOp {

    /** Adds the op to {@code graph}. */
    public Gelu(SameDiff graph, SDVariable x) {
        super(1, graph, x);
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        return List.of(inputs.get(0));
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return List.of(new Gradient(sameDiff, arg(0), gradients.get(0)).outputVariable());
    }

    /** Inputs x, dy. */
    public static final class Gradient extends KernelOp {

        Gradient(SameDiff graph, SDVariable x, SDVariable dy) {
            super(1, graph, x, dy);
        }

        @Override
        public List<long[]> outputShapes(List<long[]> inputs) {
            return List.of(inputs.get(0));
        }
    }
}
