package io.softq4j.training.optim;

import io.softq4j.graph.plan.Parameters;
import java.util.List;

/**
 * AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101), as {@code torch.optim.AdamW} computes it:
 *
 * <pre>
 *   theta &lt;- theta - lr w theta                          w: weight decay, 0 for biases and norms (tensors of rank 0 and 1)
 *   m     &lt;- beta1 m + (1 - beta1) g
 *   v     &lt;- beta2 v + (1 - beta2) g^2
 *   theta &lt;- theta - lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
 * </pre>
 *
 * with g the gradient after clipping by its global norm.
 */
public final class AdamW extends ElementwiseOptimizer {

    private final OptimizerSettings settings;

    /** An optimiser with zero moments. */
    public AdamW(Parameters parameters, OptimizerSettings settings) {
        super(parameters, "AdamW", 16, stateNames(settings));
        this.settings = settings;
    }

    static List<String> stateNames(OptimizerSettings settings) {
        return List.of("exp_avg", "exp_avg_sq");
    }

    @Override
    Update update(long step, double learningRate, float factor) {
        float stepSize = (float) (learningRate / (1 - StrictMath.pow(settings.beta1(), step)));
        float sqrtCorrection = (float) Math.sqrt(1 - StrictMath.pow(settings.beta2(), step));
        float decay = (float) (learningRate * settings.weightDecay());
        return (theta, gradient, state, n, decays) -> update(theta, gradient, state[0], state[1], n, stepSize, sqrtCorrection, factor, decays ? decay : 0);
    }

    private void update(float[] theta, float[] gradient, float[] m, float[] v, int n, float stepSize, float sqrtCorrection, float factor, float decay) {
        float b1 = (float) settings.beta1();
        float b2 = (float) settings.beta2();
        float c1 = (float) (1 - settings.beta1());
        float c2 = (float) (1 - settings.beta2());
        float eps = (float) settings.epsilon();
        for (int k = 0; k < n; k++) {
            float g = gradient[k] * factor;
            m[k] = b1 * m[k] + c1 * g;
            v[k] = b2 * v[k] + c2 * (g * g);
            theta[k] -= theta[k] * decay + stepSize * (m[k] / ((float) Math.sqrt(v[k]) / sqrtCorrection + eps));
        }
    }
}
