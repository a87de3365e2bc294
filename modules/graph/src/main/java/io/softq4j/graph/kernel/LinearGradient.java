package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Blocks;
import io.softq4j.graph.machine.Grid;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Products;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gradients of {@link Linear}, y = f(x) W + b: dx = (dy W^T) f'(x), dW += f(x)^T dy, db += the sum of the rows of dy; and of
 * {@link LinearTransposed}, y = f(x) W^T + b: dx = (dy W) f'(x), dW += dy^T f(x). Those that are wanted, and f(x) where dW needs it.
 *
 * <p>Inputs x {@code [N, K]}, W {@code [K, E]} or, transposed, {@code [E, K]}, dy {@code [N, E]}; outputs, each where it is computed, dx, dW, db,
 * f(x). First blocks of rows, for dx and f(x); then db and parts of dW, each summed over all rows by one thread.
 */
final class LinearGradient extends KernelOp {

    /** Rows of a block: products with a transposed matrix need more of them than others. */
    private static final int BLOCK = 512;

    /** Rows of the batch that are added to dW at a time. */
    private static final int DEPTH = 512;

    /** An output that is not computed. */
    private static final int NONE = -1;

    private final Activation activation;
    private final boolean transposed;
    private final int inputs;
    private final int dx;
    private final int dw;
    private final int db;
    private final int fx;

    /** @param wanted of x, W and, where there is one, b */
    LinearGradient(SameDiff graph, SDVariable x, SDVariable weight, SDVariable dy, Activation activation, boolean transposed, boolean[] wanted) {
        super(count(activation, wanted), graph, x, weight, dy);
        this.activation = activation;
        this.transposed = transposed;
        inputs = wanted.length;
        int next = 0;
        dx = wanted[0] ? next++ : NONE;
        dw = wanted[1] ? next++ : NONE;
        db = wanted.length > 2 && wanted[2] ? next++ : NONE;
        fx = activation != Activation.NONE && wanted[1] ? next : NONE;
        addBArgument(transposed);
        addIArgument(activation.ordinal());
    }

    private static int count(Activation activation, boolean[] wanted) {
        int count = activation != Activation.NONE && wanted[1] ? 1 : 0;
        for (boolean one : wanted) {
            count += one ? 1 : 0;
        }
        return count;
    }

    /** Gradients of x, W and, where there is one, b; null where not wanted. */
    List<SDVariable> terms() {
        SDVariable[] out = outputVariables();
        List<SDVariable> terms = new ArrayList<>();
        for (int output : inputs == 2 ? new int[] {dx, dw} : new int[] {dx, dw, db}) {
            terms.add(output == NONE ? null : out[output]);
        }
        return terms;
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long[][] shapes = new long[getNumOutputs()][];
        for (int i = 0; i < shapes.length; i++) {
            shapes[i] = i == dw ? inputs.get(1) : i == db ? new long[] {inputs.get(2)[1]} : inputs.get(0);
        }
        return List.of(shapes);
    }

    @Override
    public long flops(List<long[]> inputs) {
        long product = Math.multiplyExact(2 * inputs.get(0)[0] * inputs.get(0)[1], inputs.get(2)[1]);
        return Math.multiplyExact((dx == NONE ? 0 : 1) + (dw == NONE ? 0 : 1), product);
    }

    @Override
    public boolean adds(int output) {
        return output == dw || output == db;
    }

    /** f(x) takes the place of x. */
    @Override
    public int inPlaceOf(int output) {
        return output == fx ? 0 : -1;
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray activated = fx == NONE ? inputs.get(0) : outputs.get(fx);
        List<Runnable> parts = new ArrayList<>();
        if (dx != NONE) {
            parts.add(inputGradient(inputs, outputs.get(dx), fx == NONE ? null : Memory.floats(activated)));
        } else if (fx != NONE) {
            parts.add(activation(Memory.floats(inputs.get(0)), Memory.floats(activated)));
        }
        if (db != NONE) {
            parts.add(biasGradient(inputs.get(2), outputs.get(db)));
        }
        if (dw != NONE) {
            parts.add(transposed ? weightGradient(inputs.get(2), activated, outputs.get(dw)) : weightGradient(activated, inputs.get(2), outputs.get(dw)));
        }
        return () -> {
            for (int i = 0; i < parts.size(); i++) {
                parts.get(i).run();
            }
        };
    }

    /** @param fx or null */
    private Runnable inputGradient(List<INDArray> inputs, INDArray gradient, FloatBuffer fx) {
        int rows = (int) gradient.size(0);
        int in = (int) gradient.size(1);
        int out = (int) inputs.get(2).size(1);
        FloatBuffer x = Memory.floats(inputs.get(0));
        FloatBuffer dx = Memory.floats(gradient);
        long weightAt = Memory.address(inputs.get(1));
        long dyAt = Memory.address(inputs.get(2));
        long dxAt = Memory.address(gradient);
        Grid blocks = Grid.of(rows, in, BLOCK);
        return () -> Workers.forEach(blocks.count(), index -> {
            int from = blocks.firstRow(index);
            int n = blocks.rows(index);
            int column = blocks.firstColumn(index);
            int width = blocks.columns(index);
            long source = dyAt + 4L * from * out;
            long target = dxAt + 4L * ((long) from * in + column);
            if (transposed) {
                Products.nn(n, width, out, source, out, weightAt + 4L * column, in, 0, target, in);
            } else {
                Products.nt(n, width, out, source, out, weightAt + 4L * column * out, out, 0, target, in);
            }
            if (activation != Activation.NONE) {
                for (int row = from; row < from + n; row++) {
                    activation.differentiate(x, fx, dx, row * in + column, width);
                }
            }
        });
    }

    /** f(x) as it comes with the gradient, in which it may differ in the last bit from what the forward pass has. */
    private Runnable activation(FloatBuffer x, FloatBuffer fx) {
        return () -> Blocks.forEach(x.capacity(), (from, size) -> activation.differentiate(x, fx, null, from, size));
    }

    private static Runnable biasGradient(INDArray upstream, INDArray gradient) {
        int rows = (int) upstream.size(0);
        int width = (int) upstream.size(1);
        FloatBuffer dy = Memory.floats(upstream);
        FloatBuffer db = Memory.floats(gradient);
        float[][] partial = new float[Workers.pieces(rows, width)][width];
        return () -> {
            Workers.rows(rows, width, (piece, from, to) -> {
                Arrays.fill(partial[piece], 0f);
                addRows(dy, from, to, partial[piece], width);
            });
            Pieces.addTo(db, partial, width);
        };
    }

    private static void addRows(FloatBuffer dy, int from, int to, float[] sum, int width) {
        float[] row = Scratch.row(0, width);
        for (int i = from; i < to; i++) {
            dy.get(i * width, row, 0, width);
            Add.add(sum, row, width);
        }
    }

    /** dW += A^T B: A {@code [N, rows of W]}, B {@code [N, columns of W]}. */
    private static Runnable weightGradient(INDArray a, INDArray b, INDArray dw) {
        int depth = (int) a.size(0);
        int height = (int) a.size(1);
        int width = (int) b.size(1);
        long aAt = Memory.address(a);
        long bAt = Memory.address(b);
        long dwAt = Memory.address(dw);
        Grid blocks = Grid.tall(height, width);
        return () -> Workers.forEach(blocks.count(), index -> {
            int row = blocks.firstRow(index);
            int column = blocks.firstColumn(index);
            for (int from = 0; from < depth; from += DEPTH) {
                Products.tn(blocks.rows(index), blocks.columns(index), Math.min(DEPTH, depth - from), aAt + 4L * ((long) from * height + row), height,
                        bAt + 4L * ((long) from * width + column), width, 1, dwAt + 4L * ((long) row * width + column), width);
            }
        });
    }
}
