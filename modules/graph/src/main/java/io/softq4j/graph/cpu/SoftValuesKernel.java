package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.SoftValues;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Rows;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.VectorMath;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link SoftValues} and its gradient, a row at a time. */
final class SoftValuesKernel {

    private SoftValuesKernel() {
    }

    static Work bind(SoftValues op, List<INDArray> inputs, List<INDArray> outputs) {
        float tau = op.tau();
        int rows = (int) inputs.get(0).size(0);
        int width = (int) inputs.get(0).size(1);
        FloatBuffer z = Memory.floats(inputs.get(0));
        IntBuffer x = Memory.ints(inputs.get(1));
        FloatBuffer v = Memory.floats(outputs.get(0));
        FloatBuffer q = Memory.floats(outputs.get(1));
        FloatBuffer entropy = Memory.floats(outputs.get(2));
        return () -> Workers.rows(rows, width, (piece, from, to) -> {
            float[] row = Scratch.row(0, width);
            float[] block = Scratch.row(1, SoftMax.BLOCK);
            for (int i = from; i < to; i++) {
                z.get(i * width, row, 0, width);
                float max = Rows.max(row, width);
                double[] sums = new double[2];
                for (int j = 0; j < width; j += SoftMax.BLOCK) {
                    int size = Math.min(SoftMax.BLOCK, width - j);
                    System.arraycopy(row, j, block, 0, size);
                    SoftMax.sums(block, size, max, tau, sums);
                }
                double sum = sums[0];
                double mean = sums[1];
                double log = StrictMath.log(sum);
                v.put(i, (float) (max + tau * log));
                q.put(i, row[x.get(i)]);
                entropy.put(i, (float) (log - mean / sum));
            }
        });
    }

    static Work gradient(SoftValues.Gradient op, List<INDArray> inputs, List<INDArray> outputs) {
        float tau = op.tau();
        int rows = (int) inputs.get(0).size(0);
        int width = (int) inputs.get(0).size(1);
        FloatBuffer z = Memory.floats(inputs.get(0));
        IntBuffer x = Memory.ints(inputs.get(1));
        FloatBuffer v = Memory.floats(inputs.get(2));
        FloatBuffer dv = Memory.floats(inputs.get(3));
        FloatBuffer dq = Memory.floats(inputs.get(4));
        FloatBuffer dz = Memory.floats(outputs.get(0));
        return () -> Workers.rows(rows, width, (piece, from, to) -> {
            float[] row = Scratch.row(0, width + VectorMath.SPECIES.length()); // whole vectors
            for (int i = from; i < to; i++) {
                float a = dv.get(i);
                if (a == 0) {
                    Arrays.fill(row, 0, width, 0f);
                } else {
                    z.get(i * width, row, 0, width);
                    SoftMax.gradient(row, width, v.get(i), tau, a);
                }
                row[x.get(i)] += dq.get(i);
                dz.put(i * width, row, 0, width);
            }
        });
    }
}
