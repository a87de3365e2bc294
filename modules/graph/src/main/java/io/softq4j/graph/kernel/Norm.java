package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Rows;
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
 * Normalisation over the last axis, of x or of s = x + r, the sum on a residual path, in one pass over memory:
 *
 * <pre>
 *   layer: y = (s - mean) rstd gain + bias,  rstd = 1 / sqrt(var(s) + epsilon), var biased, as torch.nn.LayerNorm (arXiv 1607.06450)
 *   rms:   y = s rstd gain,                  rstd = 1 / sqrt(mean(s^2) + epsilon), as torch.nn.RMSNorm (arXiv 1910.07467)
 * </pre>
 *
 * <p>Inputs x {@code [N, D]}, r {@code [N, D]} (residual only), gain {@code [D]}, bias {@code [D]} (layer only); outputs y {@code [N, D]}, rstd
 * {@code [N]}, mean {@code [N]} (layer only), s {@code [N, D]} (residual only). rstd and mean are kept for the gradient.
 */
public final class Norm extends KernelOp {

    private static final int Y = 0;
    private static final int RSTD = 1;
    private static final int MEAN = 2;

    private final boolean layer;
    private final boolean residual;
    private final float epsilon;

    private Norm(boolean layer, boolean residual, double epsilon, SameDiff graph, SDVariable... inputs) {
        super(2 + (layer ? 1 : 0) + (residual ? 1 : 0), graph, inputs);
        this.layer = layer;
        this.residual = residual;
        this.epsilon = (float) epsilon;
        addTArgument(epsilon);
        addBArgument(layer, residual);
    }

    /** Layer normalisation of x. @param epsilon added to the variance */
    public static Norm layer(SameDiff graph, SDVariable x, SDVariable gain, SDVariable bias, double epsilon) {
        return new Norm(true, false, epsilon, graph, x, gain, bias);
    }

    /** Root-mean-square normalisation of x. @param epsilon added to the mean square */
    public static Norm rms(SameDiff graph, SDVariable x, SDVariable gain, double epsilon) {
        return new Norm(false, false, epsilon, graph, x, gain);
    }

    /** Layer normalisation of x + r, which is kept too. @param epsilon added to the variance */
    public static Norm residualLayer(SameDiff graph, SDVariable x, SDVariable r, SDVariable gain, SDVariable bias, double epsilon) {
        return new Norm(true, true, epsilon, graph, x, r, gain, bias);
    }

    /** Root-mean-square normalisation of x + r, which is kept too. @param epsilon added to the mean square */
    public static Norm residualRms(SameDiff graph, SDVariable x, SDVariable r, SDVariable gain, double epsilon) {
        return new Norm(false, true, epsilon, graph, x, r, gain);
    }

    /** y, the normalised rows. */
    public SDVariable normalised() {
        return outputVariables()[Y];
    }

    /** s = x + r. */
    public SDVariable sum() {
        return outputVariables()[sumOutput()];
    }

    private int sumOutput() {
        return layer ? 3 : 2;
    }

    private int gainInput() {
        return residual ? 2 : 1;
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long[] x = inputs.get(0);
        for (int i = 1; i < inputs.size(); i++) {
            long[] expected = i < gainInput() ? x : new long[] {x[1]};
            if (!Arrays.equals(inputs.get(i), expected)) {
                throw new IllegalArgumentException("input " + i + " of a norm of " + Arrays.toString(x) + " is " + Arrays.toString(inputs.get(i))
                        + ", not " + Arrays.toString(expected));
            }
        }
        long[] rows = {x[0]};
        List<long[]> shapes = new ArrayList<>(List.of(x, rows));
        if (layer) {
            shapes.add(rows);
        }
        if (residual) {
            shapes.add(x);
        }
        return shapes;
    }

    /** y takes the place of x, s that of r, which as the output of a product is not needed for the gradient. */
    @Override
    public int inPlaceOf(int output) {
        return output == Y ? 0 : residual && output == sumOutput() ? 1 : -1;
    }

    @Override
    public List<SDVariable> differentiate(List<SDVariable> gradients, boolean[] wanted) {
        SDVariable[] out = outputVariables();
        SDVariable dy = gradients.get(Y);
        SDVariable dsum = residual ? gradients.get(sumOutput()) : null;
        SDVariable[] d = new SDVariable[args().length];
        if (dy == null) {
            d[0] = dsum;
            d[1] = dsum;
            return Arrays.asList(d);
        }
        NormGradient.Wanted inner = new NormGradient.Wanted(wanted[0] || residual && wanted[1], wanted[gainInput()], layer && wanted[gainInput() + 1]);
        NormGradient gradient = new NormGradient(sameDiff, residual ? sum() : arg(0), arg(gainInput()), layer ? out[MEAN] : null, out[RSTD], dy, dsum,
                inner);
        Arrays.fill(d, 0, gainInput(), gradient.ofSum());
        d[gainInput()] = gradient.ofGain();
        if (layer) {
            d[gainInput() + 1] = gradient.ofBias();
        }
        return Arrays.asList(d);
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        int rows = (int) inputs.get(0).size(0);
        int width = (int) inputs.get(0).size(1);
        FloatBuffer x = Memory.floats(inputs.get(0));
        FloatBuffer r = residual ? Memory.floats(inputs.get(1)) : null;
        FloatBuffer gain = Memory.floats(inputs.get(gainInput()));
        FloatBuffer bias = layer ? Memory.floats(inputs.get(gainInput() + 1)) : null;
        FloatBuffer y = Memory.floats(outputs.get(Y));
        FloatBuffer rstd = Memory.floats(outputs.get(RSTD));
        FloatBuffer mean = layer ? Memory.floats(outputs.get(MEAN)) : null;
        FloatBuffer sum = residual ? Memory.floats(outputs.get(sumOutput())) : null;
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
                    Add.add(row, more, width);
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
