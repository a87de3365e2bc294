package io.softq4j.graph.kernel;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Cosine and sine of the angles p f of rotary positions: positions p int32 {@code [N]}, frequencies f {@code [R / 2]}, results
 * {@code [N, R / 2]} each. Computed once a run in double with {@link StrictMath}, the same bits on every JVM, and used by {@link Rope} in
 * every layer.
 */
public final class RotaryAngles extends KernelOp {

    private final double[] frequencies;

    /** Adds the op to {@code graph}. @param frequencies in radians a position */
    public RotaryAngles(SameDiff graph, SDVariable positions, double[] frequencies) {
        super(2, graph, positions);
        this.frequencies = frequencies.clone();
        addTArgument(frequencies);
    }

    /** f, in radians per position. */
    public double[] frequencies() {
        return frequencies.clone();
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long[] shape = {inputs.get(0)[0], frequencies.length};
        return List.of(shape, shape);
    }
}
