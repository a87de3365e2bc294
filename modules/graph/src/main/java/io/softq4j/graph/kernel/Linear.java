package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Grid;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Products;
import io.softq4j.graph.machine.Tile;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * y = f(x) W + b with f an {@link Activation} of the input: x {@code [N, K]}, W {@code [K, E]}, b {@code [E]} or none, y {@code [N, E]}.
 *
 * <p>Each block of rows goes through activation, bias and product while it is in the cache, so that f(x) is never stored. One block belongs to one
 * thread, which computes its products alone.
 */
public final class Linear extends KernelOp {

    /** Rows of a block: enough that a product reaches its full rate, few enough that the block stays in a core's second-level cache. */
    private static final int BLOCK = 256;

    private final Activation activation;

    /** Adds the op to {@code graph}. @param bias or null */
    public Linear(SameDiff graph, SDVariable x, SDVariable weight, SDVariable bias, Activation activation) {
        super(1, graph, bias == null ? new SDVariable[] {x, weight} : new SDVariable[] {x, weight, bias});
        this.activation = activation;
        addIArgument(activation.ordinal());
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long[] x = inputs.get(0);
        long[] w = inputs.get(1);
        boolean fits = x.length == 2 && w.length == 2 && x[1] == w[0] && (inputs.size() == 2 || Arrays.equals(inputs.get(2), new long[] {w[1]}));
        if (!fits) {
            throw new IllegalArgumentException("a linear layer cannot take x, weight, bias of shapes "
                    + inputs.stream().map(Arrays::toString).toList() + "; they must be [N, K], [K, E], [E]");
        }
        return List.of(new long[] {x[0], w[1]});
    }

    @Override
    public long flops(List<long[]> inputs) {
        return product(inputs.get(0), inputs.get(1));
    }

    private static long product(long[] x, long[] w) {
        return Math.multiplyExact(2 * x[0] * x[1], w[1]);
    }

    @Override
    public List<SDVariable> differentiate(List<SDVariable> gradients, boolean[] wanted) {
        return new LinearGradient(sameDiff, arg(0), arg(1), gradients.get(0), activation, false, wanted).terms();
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
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
                activation.apply(x, from * in, tile.floats(), 0, n * in);
                source = tile.address();
            }
            if (bias != null) {
                for (int row = from; row < from + n; row++) {
                    y.put(row * out + column, bias, column, width);
                }
            }
            Products.nn(n, width, in, source, in, weightAt + 4L * column, out, bias == null ? 0 : 1, yAt + 4L * ((long) from * out + column), out);
        });
    }
}
