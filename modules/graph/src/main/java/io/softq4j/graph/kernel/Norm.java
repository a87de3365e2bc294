package io.softq4j.graph.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Normalisation over the last axis, of x or of s = x + r, the sum on a residual path, in one pass over memory:
 *
 * <pre>
 *   layer: y = (s - mean) rstd gain + bias,  rstd = 1 / sqrt(var(s) + epsilon), var biased, as torch.nn.LayerNorm (arXiv 1607.06450)
 *   rms:   y = s rstd gain,                  rstd = 1 / sqrt(mean(s^2) + epsilon), as torch.nn.RMSNorm (arXiv 1910.07467)
 * </pre>
 *
 * <p>Inputs x {@code [N, D]}, r {@code [N, D]} (residual only), gain {@code [D]}, bias {@code [D]} (layer only); outputs y {@code [N, D]},
 * rstd {@code [N]}, mean {@code [N]} (layer only), s {@code [N, D]} (residual only). rstd and mean are kept for the gradient.
 */
public final class Norm extends KernelOp {

    /** The output y. */
    public static final int Y = 0;

    /** The output rstd. */
    public static final int RSTD = 1;

    /** The output mean; layer only. */
    public static final int MEAN = 2;

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

    /** Which output s is; residual only. */
    public int sumOutput() {
        return layer ? 3 : 2;
    }

    /** Which input the gain is; bias follows it. */
    public int gainInput() {
        return residual ? 2 : 1;
    }

    /** Whether it is layer normalisation. */
    public boolean layer() {
        return layer;
    }

    /** Whether x + r is normalised. */
    public boolean residual() {
        return residual;
    }

    /** What is added to the variance or mean square. */
    public float epsilon() {
        return epsilon;
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long[] x = inputs.get(0);
        for (int i = 1; i < inputs.size(); i++) {
            long[] expected = i < gainInput() ? x : new long[] {x[1]};
            if (!Arrays.equals(inputs.get(i), expected)) {
                throw new IllegalArgumentException("input " + i + " of a norm of " + Arrays.toString(x) + " is "
                        + Arrays.toString(inputs.get(i))
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
        NormGradient.Wanted inner = new NormGradient.Wanted(wanted[0] || residual && wanted[1], wanted[gainInput()], layer
                && wanted[gainInput() + 1]);
        NormGradient gradient = new NormGradient(sameDiff, residual ? sum() : arg(0), arg(gainInput()), layer ? out[MEAN] : null, out[RSTD],
                dy, dsum,
                inner);
        Arrays.fill(d, 0, gainInput(), gradient.ofSum());
        d[gainInput()] = gradient.ofGain();
        if (layer) {
            d[gainInput() + 1] = gradient.ofBias();
        }
        return Arrays.asList(d);
    }
}
