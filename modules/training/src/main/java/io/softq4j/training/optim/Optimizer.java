package io.softq4j.training.optim;

import io.softq4j.graph.plan.Parameters;
import io.softq4j.graph.plan.Profile;
import io.softq4j.model.weights.Tensor;
import java.util.List;

/**
 * What changes the parameters by their gradients. A step is a function of parameters, gradients, {@link #state}, {@link #steps} and its arguments alone,
 * whatever the number of threads, so that a run which is restored from a checkpoint goes on to the same bits.
 */
public interface Optimizer {

    /** What is optimised. */
    Parameters parameters();

    /** Euclidean norm of all gradients together, summed in double; not finite if a gradient is not. */
    double gradientNorm();

    /**
     * One update of every parameter; gradients are zero afterwards, ready for the next step to add to.
     *
     * @param learningRate   of this step
     * @param gradientFactor what each gradient is multiplied with first: {@link #clipFactor}
     */
    void step(double learningRate, double gradientFactor);

    /** Number of updates made. */
    long steps();

    /** Continues after {@code steps} updates; the rest of its memory is what was put into {@link #state}. */
    void steps(long steps);

    /** What it remembers beside the number of steps, as live memory, zero at first; named by kind and parameter, such as {@code exp_avg.wte.weight}. */
    List<Tensor> state();

    /** From now on the time of norms and updates is added to {@code sink}. */
    void profile(Profile sink);

    /** Factor of {@code torch.nn.utils.clip_grad_norm_}: min(1, maxNorm / (norm + 1e-6)); 1 if {@code maxNorm} is 0. */
    static double clipFactor(double norm, double maxNorm) {
        return maxNorm == 0 ? 1 : Math.min(1, maxNorm / (norm + 1e-6));
    }
}
