package io.softq4j.graph.kernel;

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
        FloatBuffer table = Memory.floats(inputs.get(0));
        IntBuffer ids = Memory.ints(inputs.get(1));
        FloatBuffer out = Memory.floats(outputs.get(0));
        return () -> Workers.rows(rows, width, (piece, from, to) -> {
            for (int i = from; i < to; i++) {
                int id = ids.get(i);
                if (id < 0 || id >= vocabulary) {
                    throw new IndexOutOfBoundsException("id " + id + " at " + i + " is outside the table of " + vocabulary + " rows");
                }
                out.put(i * width, table, id * width, width);
            }
        });
    }

    /** Gradient of the table. Inputs table (for its shape), ids, dy. Each thread owns a range of ids, so the sums are in the order of the rows. */
    static final class Gradient extends KernelOp {

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
            int vocabulary = (int) inputs.get(0).size(0);
            int width = (int) inputs.get(0).size(1);
            int rows = (int) inputs.get(1).length();
            IntBuffer ids = Memory.ints(inputs.get(1));
            FloatBuffer dy = Memory.floats(inputs.get(2));
            FloatBuffer dTable = Memory.floats(outputs.get(0));
            return () -> Workers.rows(vocabulary, width, (piece, from, to) -> {
                float[] sum = Scratch.row(0, width);
                float[] row = Scratch.row(1, width);
                for (int i = 0; i < rows; i++) {
                    int id = ids.get(i);
                    if (id >= from && id < to) {
                        dTable.get(id * width, sum, 0, width);
                        dy.get(i * width, row, 0, width);
                        for (int j = 0; j < width; j++) {
                            sum[j] += row[j];
                        }
                        dTable.put(id * width, sum, 0, width);
                    }
                }
            });
        }
    }
}
