package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.Embedding;
import io.softq4j.graph.machine.Floats;
import io.softq4j.graph.machine.Matrix;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Embedding} and its gradient. */
final class EmbeddingKernel {

    /** Columns of a piece are a multiple of a cache line's. */
    private static final int LINE = 16;

    private EmbeddingKernel() {
    }

    static Work bind(Embedding op, List<INDArray> inputs, List<INDArray> outputs) {
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

    /** Each piece owns some columns: so all have the same work, however often an id is repeated, and sums are in the order of the rows. */
    static Work gradient(Embedding.Gradient op, List<INDArray> inputs, List<INDArray> outputs) {
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
                Floats.add(sum, more, size);
                dTable.put(id, first, sum, size);
            }
        });
    }
}
