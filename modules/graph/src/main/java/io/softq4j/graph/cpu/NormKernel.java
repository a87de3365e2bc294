package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.Norm;
import io.softq4j.graph.machine.Floats;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Rows;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Norm}, a row at a time. */
final class NormKernel {

    private NormKernel() {
    }

    static Work bind(Norm op, List<INDArray> inputs, List<INDArray> outputs) {
        boolean layer = op.layer();
        boolean residual = op.residual();
        float epsilon = op.epsilon();
        int rows = (int) inputs.get(0).size(0);
        int width = (int) inputs.get(0).size(1);
        FloatBuffer x = Memory.floats(inputs.get(0));
        FloatBuffer r = residual ? Memory.floats(inputs.get(1)) : null;
        FloatBuffer gain = Memory.floats(inputs.get(op.gainInput()));
        FloatBuffer bias = layer ? Memory.floats(inputs.get(op.gainInput() + 1)) : null;
        FloatBuffer y = Memory.floats(outputs.get(Norm.Y));
        FloatBuffer rstd = Memory.floats(outputs.get(Norm.RSTD));
        FloatBuffer mean = layer ? Memory.floats(outputs.get(Norm.MEAN)) : null;
        FloatBuffer sum = residual ? Memory.floats(outputs.get(op.sumOutput())) : null;
        float inverse = 1f / width;
        return () -> Workers.rows(rows, width, (piece, from, to) -> {
            float[] row = Scratch.row(0, width);
            float[] g = Scratch.row(1, width);
            float[] b = Scratch.row(2, width);
            float[] more = Scratch.row(3, width);
            gain.get(0, g, 0, width);
            if (layer) {
                bias.get(0, b, 0, width);
            } else {
                Arrays.fill(b, 0, width, 0f);
            }
            for (int i = from; i < to; i++) {
                x.get(i * width, row, 0, width);
                if (residual) {
                    r.get(i * width, more, 0, width);
                    Floats.add(row, more, width);
                    sum.put(i * width, row, 0, width);
                }
                float mu = layer ? Rows.sum(row, width) * inverse : 0;
                float scale = (float) (1 / Math.sqrt(Rows.squaredDeviation(row, mu, width) * inverse + epsilon));
                normalise(row, mu, scale, g, b, width);
                y.put(i * width, row, 0, width);
                rstd.put(i, scale);
                if (layer) {
                    mean.put(i, mu);
                }
            }
        });
    }

    private static void normalise(float[] row, float mean, float rstd, float[] gain, float[] bias, int width) {
        for (int j = 0; j < width; j++) {
            row[j] = (row[j] - mean) * rstd * gain[j] + bias[j];
        }
    }
}
