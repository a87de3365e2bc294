package io.softq4j.graph.kernel;

import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** Rows of a table: table {@code [V, D]} float32, ids {@code [N]} int32, result {@code [N, D]}. Repeated ids add up in the gradient. */
public final class Embedding extends KernelOp {

    /** Adds the op to {@code graph}. */
    public Embedding(SameDiff graph, SDVariable table, SDVariable ids) {
        super(1, graph, table, ids);
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        return List.of(new long[] {inputs.get(1)[0], inputs.get(0)[1]});
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return Arrays.asList(new Gradient(sameDiff, arg(0), arg(1), gradients.get(0)).outputVariable(), null);
    }

    /**
     * Adds dy {@code [N, D]} to the rows of the table's gradient at ids, in the order of the rows of dy; other rows are not touched. Inputs
     * table (for its shape), ids, dy.
     */
    public static final class Gradient extends KernelOp {

        Gradient(SameDiff graph, SDVariable table, SDVariable ids, SDVariable dy) {
            super(1, graph, table, ids, dy);
        }

        @Override
        public List<long[]> outputShapes(List<long[]> inputs) {
            return List.of(inputs.get(0));
        }

        @Override
        public boolean adds(int output) {
            return true;
        }
    }
}
