package io.softq4j.graph.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * y = (x - mean) rstd gain + bias over the last axis, rstd = 1 / sqrt(var + epsilon), var the biased variance, as {@code torch.nn.LayerNorm}.
 *
 * <p>Inputs x {@code [N, D]}, gain {@code [D]}, bias {@code [D]}; outputs y {@code [N, D]}, mean {@code [N]}, rstd {@code [N]}; the last two are
 * kept for the gradient.
 */
public final class LayerNorm extends KernelOp {

    private final float epsilon;

    /** Adds the op to {@code graph}. @param epsilon added to the variance */
    public LayerNorm(SameDiff graph, SDVariable x, SDVariable gain, SDVariable bias, double epsilon) {
        super(3, graph, x, gain, bias);
        this.epsilon = (float) epsilon;
        addTArgument(epsilon);
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long[] rows = {inputs.get(0)[0]};
        return List.of(inputs.get(0), rows, rows);
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        SDVariable[] out = outputVariables();
        return List.of(new Gradient(sameDiff, arg(0), arg(1), out[1], out[2], gradients.get(0)).outputVariables());
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        int rows = (int) inputs.get(0).size(0);
        int width = (int) inputs.get(0).size(1);
        FloatBuffer x = Memory.floats(inputs.get(0));
        FloatBuffer gain = Memory.floats(inputs.get(1));
        FloatBuffer bias = Memory.floats(inputs.get(2));
        FloatBuffer y = Memory.floats(outputs.get(0));
        FloatBuffer mean = Memory.floats(outputs.get(1));
        FloatBuffer rstd = Memory.floats(outputs.get(2));
        float inverse = 1f / width;
        return () -> Workers.rows(rows, width, (piece, from, to) -> {
            float[] row = Scratch.row(0, width);
            float[] g = Scratch.row(1, width);
            float[] b = Scratch.row(2, width);
            gain.get(0, g, 0, width);
            bias.get(0, b, 0, width);
            for (int i = from; i < to; i++) {
                x.get(i * width, row, 0, width);
                float mu = Rows.sum(row, width) * inverse;
                float r = (float) (1 / Math.sqrt(Rows.squaredDeviation(row, mu, width) * inverse + epsilon));
                for (int j = 0; j < width; j++) {
                    row[j] = (row[j] - mu) * r * g[j] + b[j];
                }
                y.put(i * width, row, 0, width);
                mean.put(i, mu);
                rstd.put(i, r);
            }
        });
    }

    /** Gradients of x, gain and bias. Inputs x, gain, mean, rstd, dy. */
    static final class Gradient extends KernelOp {

        Gradient(SameDiff graph, SDVariable x, SDVariable gain, SDVariable mean, SDVariable rstd, SDVariable dy) {
            super(3, graph, x, gain, mean, rstd, dy);
        }

        @Override
        public List<long[]> outputShapes(List<long[]> inputs) {
            return List.of(inputs.get(0), inputs.get(1), inputs.get(1));
        }

        @Override
        public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
            int rows = (int) inputs.get(0).size(0);
            int width = (int) inputs.get(0).size(1);
            FloatBuffer x = Memory.floats(inputs.get(0));
            FloatBuffer gain = Memory.floats(inputs.get(1));
            FloatBuffer mean = Memory.floats(inputs.get(2));
            FloatBuffer rstd = Memory.floats(inputs.get(3));
            FloatBuffer dy = Memory.floats(inputs.get(4));
            FloatBuffer dx = Memory.floats(outputs.get(0));
            FloatBuffer dgain = Memory.floats(outputs.get(1));
            FloatBuffer dbias = Memory.floats(outputs.get(2));
            int pieces = Workers.pieces(rows, width);
            float[][] partialGain = new float[pieces][width];
            float[][] partialBias = new float[pieces][width];
            float inverse = 1f / width;
            return () -> {
                Workers.rows(rows, width, (piece, from, to) -> {
                    float[] hat = Scratch.row(0, width);
                    float[] d = Scratch.row(1, width);
                    float[] g = Scratch.row(2, width);
                    float[] dg = partialGain[piece];
                    float[] db = partialBias[piece];
                    Arrays.fill(dg, 0f);
                    Arrays.fill(db, 0f);
                    gain.get(0, g, 0, width);
                    for (int i = from; i < to; i++) {
                        x.get(i * width, hat, 0, width);
                        dy.get(i * width, d, 0, width);
                        float mu = mean.get(i);
                        float r = rstd.get(i);
                        for (int j = 0; j < width; j++) {
                            float h = (hat[j] - mu) * r;
                            hat[j] = h;
                            dg[j] += d[j] * h;
                            db[j] += d[j];
                            d[j] *= g[j];
                        }
                        float meanD = Rows.sum(d, width) * inverse;
                        float meanDHat = Rows.dot(d, hat, width) * inverse;
                        for (int j = 0; j < width; j++) {
                            d[j] = r * (d[j] - meanD - hat[j] * meanDHat);
                        }
                        dx.put(i * width, d, 0, width);
                    }
                });
                Rows.sumInto(dgain, partialGain, width);
                Rows.sumInto(dbias, partialBias, width);
            };
        }
    }
}
