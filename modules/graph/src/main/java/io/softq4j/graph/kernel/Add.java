package io.softq4j.graph.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * x + y: y of the shape of x, as on a residual path, where the gradient passes to both as it is; or x {@code [N, D]} and y {@code [D]}, a bias,
 * whose gradient is the sum over rows.
 */
public final class Add extends KernelOp {

    private final boolean bias;

    /** @param bias true if y is one row to be added to each of x */
    public Add(SameDiff graph, SDVariable x, SDVariable y, boolean bias) {
        super(1, graph, x, y);
        this.bias = bias;
        addBArgument(bias);
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long[] x = inputs.get(0);
        long[] y = inputs.get(1);
        boolean fits = bias ? x.length == 2 && y.length == 1 && y[0] == x[1] : Arrays.equals(x, y);
        if (!fits) {
            throw new IllegalArgumentException("cannot add " + Arrays.toString(y) + (bias ? " as a bias" : "") + " to " + Arrays.toString(x));
        }
        return List.of(x);
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        SDVariable g = gradients.get(0);
        return List.of(g, bias ? new ColumnSum(sameDiff, g).outputVariable() : g);
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        FloatBuffer x = Memory.floats(inputs.get(0));
        FloatBuffer y = Memory.floats(inputs.get(1));
        FloatBuffer out = Memory.floats(outputs.get(0));
        if (!bias) {
            return () -> Blocks.forEach(x.capacity(), (from, size) -> {
                float[] a = Scratch.row(0, Blocks.SIZE);
                float[] b = Scratch.row(1, Blocks.SIZE);
                x.get(from, a, 0, size);
                y.get(from, b, 0, size);
                add(a, b, size);
                out.put(from, a, 0, size);
            });
        }
        int rows = (int) inputs.get(0).size(0);
        int width = (int) inputs.get(0).size(1);
        return () -> Workers.rows(rows, width, (piece, from, to) -> {
            float[] a = Scratch.row(0, width);
            float[] b = Scratch.row(1, width);
            y.get(0, b, 0, width);
            for (int i = from; i < to; i++) {
                x.get(i * width, a, 0, width);
                add(a, b, width);
                out.put(i * width, a, 0, width);
            }
        });
    }

    /** a = a + b. */
    static void add(float[] a, float[] b, int size) {
        for (int i = 0; i < size; i++) {
            a[i] += b[i];
        }
    }

    /** Adds the sum over the rows of {@code [N, D]} to the output {@code [D]}. */
    static final class ColumnSum extends KernelOp {

        ColumnSum(SameDiff graph, SDVariable x) {
            super(1, graph, x);
        }

        @Override
        public List<long[]> outputShapes(List<long[]> inputs) {
            return List.of(new long[] {inputs.get(0)[1]});
        }

        @Override
        public boolean adds(int output) {
            return true;
        }

        @Override
        public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
            int rows = (int) inputs.get(0).size(0);
            int width = (int) inputs.get(0).size(1);
            FloatBuffer x = Memory.floats(inputs.get(0));
            FloatBuffer sum = Memory.floats(outputs.get(0));
            float[][] partial = new float[Workers.pieces(rows, width)][width];
            return () -> {
                Workers.rows(rows, width, (piece, from, to) -> {
                    float[] row = Scratch.row(0, width);
                    Arrays.fill(partial[piece], 0f);
                    for (int i = from; i < to; i++) {
                        x.get(i * width, row, 0, width);
                        add(partial[piece], row, width);
                    }
                });
                Pieces.addTo(sum, partial, width);
            };
        }
    }
}
