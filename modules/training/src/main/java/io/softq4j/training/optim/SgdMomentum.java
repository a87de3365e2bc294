package io.softq4j.training.optim;

import io.softq4j.graph.plan.Parameters;
import java.util.List;

/**
 * Stochastic gradient descent with momentum (Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning"), as
 * {@code torch.optim.SGD} computes it with a dampening of 0 and without Nesterov's variant:
 *
 * <pre>
 *   g     &lt;- g + w theta                w: weight decay, 0 for biases and norms (tensors of rank 0 and 1); L2, a part of the gradient
 *   b     &lt;- mu b + g                   mu: momentum; without it there is no b, and g takes its place
 *   theta &lt;- theta - lr b
 * </pre>
 *
 * with g the gradient after clipping by its global norm. b is not scaled by 1 - mu, so a momentum of 0.9 makes steps ten times as long in the end.
 */
public final class SgdMomentum extends ElementwiseOptimizer {

    private final OptimizerSettings settings;

    /** An optimiser that has no momentum yet. */
    public SgdMomentum(Parameters parameters, OptimizerSettings settings) {
        super(parameters, "SGD", 6, stateNames(settings));
        this.settings = settings;
    }

    static List<String> stateNames(OptimizerSettings settings) {
        return settings.momentum() == 0 ? List.of() : List.of("momentum_buffer");
    }

    @Override
    Update update(long step, double learningRate, float factor) {
        float rate = (float) learningRate;
        float momentum = (float) settings.momentum();
        float decay = (float) settings.weightDecay();
        return momentum == 0 ? (theta, gradient, state, n, decays) -> update(theta, gradient, n, rate, factor, decays ? decay : 0)
                : (theta, gradient, state, n, decays) -> update(theta, gradient, state[0], n, rate, momentum, factor, decays ? decay : 0);
    }

    private static void update(float[] theta, float[] gradient, int n, float rate, float factor, float decay) {
        for (int k = 0; k < n; k++) {
            theta[k] -= rate * (gradient[k] * factor + decay * theta[k]);
        }
    }

    private static void update(float[] theta, float[] gradient, float[] buffer, int n, float rate, float momentum, float factor, float decay) {
        for (int k = 0; k < n; k++) {
            buffer[k] = momentum * buffer[k] + (gradient[k] * factor + decay * theta[k]);
            theta[k] -= rate * buffer[k];
        }
    }
}
