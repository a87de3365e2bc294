package io.softq4j.objective;

import io.softq4j.graph.plan.Parameters;
import io.softq4j.graph.plan.Profile;

/**
 * A model with its objective, as the training loop sees it: add gradients of micro-batches, then let the optimiser change the parameters.
 */
public interface Trainable extends AutoCloseable {

    Parameters parameters();

    /**
     * Runs forward and backward on one micro-batch and adds its share of the step's gradient to {@link Parameters}.
     *
     * @param batch  the micro-batch
     * @param total  denominators of the whole optimiser step: the sum of {@link Batch#counts()} over its micro-batches
     * @param lambda weight of the squared TD residual at this step; 0 is maximum likelihood
     * @return sums of this micro-batch alone
     */
    LossSums accumulate(Batch batch, Counts total, double lambda);

    /** The same sums without a gradient; parameters and gradients stay as they are. */
    LossSums evaluate(Batch batch);

    /** The key of dropout in the gradients from now on, another for each micro-batch; 0, as at the beginning: nothing is dropped. */
    default void dropoutKey(int key) {
    }

    /** From now on the time of every op is added to {@code sink}, where there are ops to time. */
    default void profile(Profile sink) {
    }

    @Override
    void close();
}
