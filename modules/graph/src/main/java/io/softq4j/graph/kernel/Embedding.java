package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Matrix;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Rows of a table: table {@code [V, D]} float32, ids {@code [N]} int32, result {@code [N, D]}. Repeated ids add up in the gradient. */
public final class Embedding extends KernelOp {

    /** Adds the op to {@code graph}. */
    public Embedding(SameDiff graph, SDVariable table, SDVariable ids) {
        super(1, graph, table, ids);
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        return List.of(new long[] {inputs.get(1)[0], inputs.get(0)[1]});
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return Arrays.asList(new Gradient(sameDiff, arg(0), arg(1), gradients.get(0)).outputVariable(), null);
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        int vocabulary = (int) inputs.get(0).size(0);
        int width = (int) inputs.get(0).size(1);
        int rows = (int) inputs.get(1).length();
        Matrix table = new Matrix(inputs.get(0));
        IntBuffer ids = Memory.ints(inputs.get(1));
        FloatBuffer out = Memory.floats(outputs.get(0));
        return () -> Workers.rows(rows, width, (piece, from, to) -> {
            for (int i = from; i < to; i++) {
                int id = ids.get(i);
                if (id < 0 || id >= vocabulary) {
                    throw new IndexOutOfBoundsException("id " + id + " at " + i + " is outside the table of " + vocabulary + " rows");
                }
                table.copyRow(id, out, i * width);
            }
        });
    }

    /**
     * Adds dy {@code [N, D]} to the rows of the table's gradient at ids; other rows are not touched. Inputs table (for its shape), ids, dy.
     *
     * <p>Each piece owns some columns: so all have the same work, however often an id is repeated, and sums are in the order of the rows.
     */
    static final class Gradient extends KernelOp {

        /** Columns of a piece are a multiple of a cache line's. */
        private static final int LINE = 16;

        Gradient(SameDiff graph, SDVariable table, SDVariable ids, SDVariable dy) {
            super(1, graph, table, ids, dy);
        }

        @Override
        public List<long[]> outputShapes(List<long[]> inputs) {
            return List.of(inputs.get(0));
        }

        @Override
        public boolean adds(int output) {
            return true;
        }

        @Override
        public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
            int width = (int) inputs.get(0).size(1);
            int rows = (int) inputs.get(1).length();
            IntBuffer ids = Memory.ints(inputs.get(1));
            FloatBuffer dy = Memory.floats(inputs.get(2));
            Matrix dTable = new Matrix(outputs.get(0));
            int lines = (width + LINE - 1) / LINE;
            return () -> Workers.rows(lines, LINE * rows, (piece, from, to) -> {
                int first = from * LINE;
                int size = Math.min(width, to * LINE) - first;
                float[] sum = Scratch.row(0, size);
                float[] more = Scratch.row(1, size);
                for (int i = 0; i < rows; i++) {
                    int id = ids.get(i);
                    dTable.get(id, first, sum, size);
                    dy.get(i * width + first, more, 0, size);
                    Add.add(sum, more, size);
                    dTable.put(id, first, sum, size);
                }
            });
        }
    }
}
