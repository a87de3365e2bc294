package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.Activation;
import io.softq4j.graph.kernel.Linear;
import io.softq4j.graph.machine.Grid;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Products;
import io.softq4j.graph.machine.Tile;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link Linear}. Each block of rows goes through activation, bias and product while it is in the cache, so that f(x) is never stored.
 * One block belongs to one thread, which computes its products alone.
 */
final class LinearKernel {

    /** Rows of a block: enough that a product reaches its full rate, few enough that the block stays in a core's second-level cache. */
    private static final int BLOCK = 256;

    private LinearKernel() {
    }

    static Work bind(Linear op, List<INDArray> inputs, List<INDArray> outputs) {
        Activation activation = op.activation();
        int rows = (int) inputs.get(0).size(0);
        int in = (int) inputs.get(0).size(1);
        int out = (int) inputs.get(1).size(1);
        FloatBuffer x = Memory.floats(inputs.get(0));
        FloatBuffer y = Memory.floats(outputs.get(0));
        FloatBuffer bias = inputs.size() == 2 ? null : Memory.floats(inputs.get(2));
        long xAt = Memory.address(inputs.get(0));
        long weightAt = Memory.address(inputs.get(1));
        long yAt = Memory.address(outputs.get(0));
        Grid blocks = Grid.of(rows, out, BLOCK);
        return () -> Workers.forEach(blocks.count(), index -> {
            int from = blocks.firstRow(index);
            int n = blocks.rows(index);
            int column = blocks.firstColumn(index);
            int width = blocks.columns(index);
            long source = xAt + 4L * from * in;
            if (activation != Activation.NONE) {
                Tile tile = Tile.ofThread(0, n * in);
                Activations.apply(activation, x, from * in, tile.floats(), 0, n * in);
                source = tile.address();
            }
            if (bias != null) {
                for (int row = from; row < from + n; row++) {
                    y.put(row * out + column, bias, column, width);
                }
            }
            Products.nn(n, width, in, source, in, weightAt + 4L * column, out, bias == null ? 0 : 1,
                    yAt + 4L * ((long) from * out + column), out);
        });
    }
}
