package io.softq4j.graph.kernel;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * SwiGLU (Shazeer 2020, arXiv 2002.05202) as in Hugging Face's {@code LlamaMLP}: silu(gate) up, silu(g) = g / (1 + exp(-g)). Input
 * {@code [N, 2 F]}, gate and up side by side; output {@code [N, F]}.
 */
public final class SwiGlu extends KernelOp {

    /** Adds the op to {@code graph}. */
    public SwiGlu(SameDiff graph, SDVariable gateUp) {
        super(1, graph, gateUp);
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        return List.of(GatedUnit.halves(inputs.get(0)));
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return List.of(new Gradient(sameDiff, arg(0), gradients.get(0)).outputVariable());
    }

    /**
     * dgate = dy up s (1 + gate (1 - s)), dup = dy gate s, s = 1 / (1 + exp(-gate)). Inputs gate and up {@code [N, 2 F]}, dy
     * {@code [N, F]}.
     */
    public static final class Gradient extends KernelOp {

        Gradient(SameDiff graph, SDVariable gateUp, SDVariable dy) {
            super(1, graph, gateUp, dy);
        }

        @Override
        public List<long[]> outputShapes(List<long[]> inputs) {
            return List.of(inputs.get(0));
        }

        @Override
        public int inPlaceOf(int output) {
            return 0;
        }
    }
}
