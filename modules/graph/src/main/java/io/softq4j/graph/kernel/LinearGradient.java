package io.softq4j.graph.kernel;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gradients of {@link Linear}, y = f(x) W + b: dx = (dy W^T) f'(x), dW += f(x)^T dy, db += the sum of the rows of dy.
 *
 * <p>Inputs x {@code [N, K]}, W {@code [K, E]}, dy {@code [N, E]}; outputs dx, dW, db where there is a bias, and f(x) where f is not the identity.
 * First blocks of rows, for dx, db and f(x); then parts of dW, each summed over all rows by one thread.
 */
final class LinearGradient extends KernelOp {

    /** Rows of a block: products with a transposed matrix need more of them than others. */
    private static final int BLOCK = 512;

    /** Rows of the batch that are added to dW at a time. */
    private static final int DEPTH = 512;

    private final boolean bias;
    private final Activation activation;

    LinearGradient(SameDiff graph, SDVariable x, SDVariable weight, SDVariable dy, boolean bias, Activation activation) {
        super(2 + (bias ? 1 : 0) + (activation == Activation.NONE ? 0 : 1), graph, x, weight, dy);
        this.bias = bias;
        this.activation = activation;
        addBArgument(bias);
        addIArgument(activation.ordinal());
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        List<long[]> shapes = new ArrayList<>(List.of(inputs.get(0), inputs.get(1)));
        if (bias) {
            shapes.add(new long[] {inputs.get(1)[1]});
        }
        if (activation != Activation.NONE) {
            shapes.add(inputs.get(0));
        }
        return shapes;
    }

    @Override
    public long flops(List<long[]> inputs) {
        return Math.multiplyExact(4 * inputs.get(0)[0] * inputs.get(0)[1], inputs.get(1)[1]);
    }

    @Override
    public boolean adds(int output) {
        return output == 1 || bias && output == 2;
    }

    /** f(x) takes the place of x. */
    @Override
    public int inPlaceOf(int output) {
        return output >= 2 && output == getNumOutputs() - 1 && activation != Activation.NONE ? 0 : -1;
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        int rows = (int) inputs.get(0).size(0);
        int in = (int) inputs.get(1).size(0);
        int out = (int) inputs.get(1).size(1);
        INDArray activated = activation == Activation.NONE ? inputs.get(0) : outputs.get(outputs.size() - 1);
        Runnable dx = inputGradient(rows, in, out, inputs, outputs, activated);
        Runnable dw = weightGradient(rows, in, out, activated, inputs.get(2), outputs.get(1));
        return () -> {
            dx.run();
            dw.run();
        };
    }

    private Runnable inputGradient(int rows, int in, int out, List<INDArray> inputs, List<INDArray> outputs, INDArray activated) {
        FloatBuffer x = Memory.floats(inputs.get(0));
        FloatBuffer fx = Memory.floats(activated);
        FloatBuffer dy = Memory.floats(inputs.get(2));
        FloatBuffer dx = Memory.floats(outputs.get(0));
        long weightAt = Memory.address(inputs.get(1));
        long dyAt = Memory.address(inputs.get(2));
        long dxAt = Memory.address(outputs.get(0));
        Grid blocks = Grid.of(rows, in, BLOCK);
        Runnable products = () -> Workers.forEach(blocks.count(), index -> {
            int from = blocks.firstRow(index);
            int n = blocks.rows(index);
            int column = blocks.firstColumn(index);
            int width = blocks.columns(index);
            Products.nt(n, width, out, dyAt + 4L * from * out, out, weightAt + 4L * column * out, out, 0, dxAt + 4L * ((long) from * in + column), in);
            if (activation != Activation.NONE) {
                for (int row = from; row < from + n; row++) {
                    activation.differentiate(x, fx, dx, row * in + column, width);
                }
            }
        });
        if (!bias) {
            return products;
        }
        FloatBuffer db = Memory.floats(outputs.get(2));
        float[][] partial = new float[Workers.pieces(rows, out)][out];
        return () -> {
            products.run();
            Workers.rows(rows, out, (piece, from, to) -> {
                Arrays.fill(partial[piece], 0f);
                addRows(dy, from, to, partial[piece], out);
            });
            Pieces.addTo(db, partial, out);
        };
    }

    private static void addRows(FloatBuffer dy, int from, int to, float[] sum, int width) {
        float[] row = Scratch.row(0, width);
        for (int i = from; i < to; i++) {
            dy.get(i * width, row, 0, width);
            Add.add(sum, row, width);
        }
    }

    private static Runnable weightGradient(int rows, int in, int out, INDArray activated, INDArray dy, INDArray dw) {
        long fxAt = Memory.address(activated);
        long dyAt = Memory.address(dy);
        long dwAt = Memory.address(dw);
        Grid blocks = Grid.tall(in, out);
        return () -> Workers.forEach(blocks.count(), index -> {
            int row = blocks.firstRow(index);
            int column = blocks.firstColumn(index);
            for (int from = 0; from < rows; from += DEPTH) {
                Products.tn(blocks.rows(index), blocks.columns(index), Math.min(DEPTH, rows - from), fxAt + 4L * ((long) from * in + row), in,
                        dyAt + 4L * ((long) from * out + column), out, 1, dwAt + 4L * ((long) row * out + column), out);
            }
        });
    }
}
