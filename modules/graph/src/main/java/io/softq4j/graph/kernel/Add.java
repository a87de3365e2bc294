package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Blocks;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Scratch;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

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

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        FloatBuffer x = Memory.floats(inputs.get(0));
        FloatBuffer y = Memory.floats(inputs.get(1));
        FloatBuffer out = Memory.floats(outputs.get(0));
        return () -> Blocks.forEach(x.capacity(), (from, size) -> {
            float[] a = Scratch.row(0, Blocks.SIZE);
            float[] b = Scratch.row(1, Blocks.SIZE);
            x.get(from, a, 0, size);
            y.get(from, b, 0, size);
            add(a, b, size);
            out.put(from, a, 0, size);
        });
    }

    /** a = a + b. */
    static void add(float[] a, float[] b, int size) {
        for (int i = 0; i < size; i++) {
            a[i] += b[i];
        }
    }
}
