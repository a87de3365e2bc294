package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Cosine and sine of the angles p f of rotary positions: positions p int32 {@code [N]}, frequencies f {@code [R / 2]}, results {@code [N, R / 2]}
 * each. Computed once a run in double with {@link StrictMath}, the same bits on every JVM, and used by {@link Rope} in every layer.
 */
public final class RotaryAngles extends KernelOp {

    private final double[] frequencies;

    /** Adds the op to {@code graph}. @param frequencies in radians a position */
    public RotaryAngles(SameDiff graph, SDVariable positions, double[] frequencies) {
        super(2, graph, positions);
        this.frequencies = frequencies.clone();
        addTArgument(frequencies);
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long[] shape = {inputs.get(0)[0], frequencies.length};
        return List.of(shape, shape);
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        IntBuffer positions = Memory.ints(inputs.get(0));
        FloatBuffer cos = Memory.floats(outputs.get(0));
        FloatBuffer sin = Memory.floats(outputs.get(1));
        int half = frequencies.length;
        return () -> Workers.rows(positions.capacity(), half, (piece, from, to) -> {
            for (int i = from; i < to; i++) {
                int position = positions.get(i);
                for (int j = 0; j < half; j++) {
                    double angle = position * frequencies[j];
                    cos.put(i * half + j, (float) StrictMath.cos(angle));
                    sin.put(i * half + j, (float) StrictMath.sin(angle));
                }
            }
        });
    }
}
