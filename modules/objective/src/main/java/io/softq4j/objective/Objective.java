package io.softq4j.objective;

import io.softq4j.graph.plan.Parameters;
import io.softq4j.graph.plan.PlanReport;
import io.softq4j.graph.plan.Profile;
import java.util.Optional;

/**
 * An objective is a model together with the loss that is minimised over its parameters. The training loop adds up the gradients of
 * micro-batches, then lets the optimiser change the parameters. Only the objective knows the parts of the loss, their weights at each
 * step, and the names of the figures.
 */
public interface Objective extends AutoCloseable {

    /** The tensors that train, with their gradients. */
    Parameters parameters();

    /**
     * Runs forward and backward on one micro-batch and adds its share of the step's gradient to {@link Parameters}.
     *
     * @param batch the micro-batch
     * @param total denominators of the whole optimiser step: the sum of {@link Batch#counts()} over its micro-batches
     * @param step  the update, counted from 0: weights that change during a run depend on it and on nothing else, so that a resumed run has the same
     * @return figures of this micro-batch alone, of the same names for every batch
     */
    Figures accumulate(Batch batch, Counts total, long step);

    /**
     * The same figures without a gradient; parameters and gradients stay as they are.
     *
     * @param step the update whose weights hold, counted from 0
     */
    Figures evaluate(Batch batch, long step);

    /**
     * What may have made the loss or its gradient infinite, beside the learning rate.
     *
     * @param step the update, counted from 0
     */
    default Optional<Advice> advice(long step) {
        return Optional.empty();
    }

    /** What it is in words, for the model card. */
    default Description describe() {
        return Description.of("an objective of the application");
    }

    /**
     * What a training step on a batch of this shape runs and costs beside parameters and gradients; nothing runs. Empty if that is as with
     * {@link io.softq4j.objective.softq.SoftQ}.
     */
    default Optional<PlanReport> costs(BatchShape shape) {
        return Optional.empty();
    }

    /** The key of dropout in the gradients from now on, another for each micro-batch; 0, as at the beginning: nothing is dropped. */
    default void dropoutKey(int key) {
    }

    /** From now on the time of every op is added to {@code sink}, if there are ops to time. */
    default void profile(Profile sink) {
    }

    @Override
    void close();

    /**
     * What to say when a loss is not finite.
     *
     * @param cause  what is likely, such as {@code lambda acts on values that are still far off}
     * @param remedy what to do about it, such as {@code let lambda begin later}
     */
    record Advice(String cause, String remedy) {
    }
}
