package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.Activation;
import io.softq4j.graph.kernel.LinearGradient;
import io.softq4j.graph.machine.Blocks;
import io.softq4j.graph.machine.Floats;
import io.softq4j.graph.machine.Grid;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Products;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link LinearGradient}: first blocks of rows, for dx and f(x); then db and parts of dW, each summed over all rows by one thread.
 */
final class LinearGradientKernel {

    /** Rows of a block: products with a transposed matrix need more of them than others. */
    private static final int BLOCK = 512;

    /** Rows of the batch that are added to dW at a time. */
    private static final int DEPTH = 512;

    private LinearGradientKernel() {
    }

    static Work bind(LinearGradient op, List<INDArray> inputs, List<INDArray> outputs) {
        INDArray activated = op.fx() == LinearGradient.NONE ? inputs.get(0) : outputs.get(op.fx());
        List<Work> parts = new ArrayList<>();
        if (op.dx() != LinearGradient.NONE) {
            parts.add(inputGradient(op, inputs, outputs.get(op.dx()), op.fx() == LinearGradient.NONE ? null : Memory.floats(activated)));
        } else if (op.fx() != LinearGradient.NONE) {
            parts.add(activation(op.activation(), Memory.floats(inputs.get(0)), Memory.floats(activated)));
        }
        if (op.db() != LinearGradient.NONE) {
            parts.add(biasGradient(inputs.get(2), outputs.get(op.db())));
        }
        if (op.dw() != LinearGradient.NONE) {
            INDArray dw = outputs.get(op.dw());
            parts.add(op.transposed() ? weightGradient(inputs.get(2), activated, dw) : weightGradient(activated, inputs.get(2), dw));
        }
        return () -> {
            for (int i = 0; i < parts.size(); i++) {
                parts.get(i).run();
            }
        };
    }

    /** @param fx or null */
    private static Work inputGradient(LinearGradient op, List<INDArray> inputs, INDArray gradient, FloatBuffer fx) {
        Activation activation = op.activation();
        boolean transposed = op.transposed();
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
                    Activations.differentiate(activation, x, fx, dx, row * in + column, width);
                }
            }
        });
    }

    /** f(x) as it comes with the gradient, in which it may differ in the last bit from what the forward pass has. */
    private static Work activation(Activation activation, FloatBuffer x, FloatBuffer fx) {
        return () -> Blocks.forEach(x.capacity(), (from, size) -> Activations.differentiate(activation, x, fx, null, from, size));
    }

    private static Work biasGradient(INDArray upstream, INDArray gradient) {
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
            Floats.add(sum, row, width);
        }
    }

    /** dW += A^T B: A {@code [N, rows of W]}, B {@code [N, columns of W]}. */
    private static Work weightGradient(INDArray a, INDArray b, INDArray dw) {
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
                Products.tn(blocks.rows(index), blocks.columns(index), Math.min(DEPTH, depth - from),
                        aAt + 4L * ((long) from * height + row), height,
                        bAt + 4L * ((long) from * width + column), width, 1, dwAt + 4L * ((long) row * width + column), width);
            }
        });
    }
}
