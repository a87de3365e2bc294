package io.softq4j.graph.kernel;

import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * A gated linear unit, f(gate) up (Shazeer 2020, arXiv 2002.05202), of any {@link Activation} f; with {@code GELU_NEW} GEGLU as in Hugging
 * Face's {@code T5DenseGatedActDense}. Input {@code [N, 2 F]}, gate and up side by side; output {@code [N, F]}.
 */
public final class GatedUnit extends KernelOp {

    private final Activation activation;

    /** Adds the op to {@code graph}. */
    public GatedUnit(SameDiff graph, SDVariable gateUp, Activation activation) {
        super(1, graph, gateUp);
        this.activation = activation;
        addIArgument(activation.ordinal());
    }

    /** f. */
    public Activation activation() {
        return activation;
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        return List.of(halves(inputs.get(0)));
    }

    /** {@code [N, F]}, given {@code [N, 2 F]}. */
    static long[] halves(long[] shape) {
        if (shape.length != 2 || shape[1] % 2 != 0) {
            throw new IllegalArgumentException("gate and up must be halves of a row, not of " + Arrays.toString(shape));
        }
        return new long[] {shape[0], shape[1] / 2};
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return List.of(new Gradient(sameDiff, arg(0), gradients.get(0), activation).outputVariable());
    }

    /** dgate = dy up f'(gate), dup = dy f(gate). Inputs gate and up {@code [N, 2 F]}, dy {@code [N, F]}. */
    public static final class Gradient extends KernelOp {

        private final Activation activation;

        Gradient(SameDiff graph, SDVariable gateUp, SDVariable dy, Activation activation) {
            super(1, graph, gateUp, dy);
            this.activation = activation;
            addIArgument(activation.ordinal());
        }

        /** f. */
        public Activation activation() {
            return activation;
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
