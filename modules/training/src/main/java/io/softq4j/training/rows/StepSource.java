package io.softq4j.training.rows;

import io.softq4j.objective.Batch;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What each step of a run learns from: step to micro-batches.
 *
 * <p>The batches of step s are a function of s and of the parameters after s updates, and of nothing else: no clock, no chance without a seed made
 * from s, nothing that an earlier step left behind but what could be computed again. Nothing of a source is in a checkpoint, so this is what makes a
 * run that was killed and resumed end with the same bits. {@link DataPlan} is a function of the step alone; a source that samples from the model is
 * given the model when it is made, and may read it in {@link #step}, which is called when the parameters are those after {@code step} updates.
 */
public interface StepSource {

    /**
     * The micro-batches of a step, in the order in which their gradients are added up.
     *
     * @param step number of updates before it; asked for in order, from any first one
     * @throws io.softq4j.common.UserError if no token of them is scored, so that there is nothing to learn
     */
    List<Batch> step(long step);

    /** Numbers of the examples that a step reads, from 0; where there are several stores, counted through all of them, as in {@link #summary}. */
    LongStream reads(long step);

    /** Steps of an epoch, in which all that there is to learn from has had its turn: the unit of {@code num_train_epochs}. */
    long stepsPerEpoch();

    /** What the run learns from, in figures. */
    DataSummary summary();

    /** What a person should know of the examples before the first step, a sentence each. */
    default List<String> warnings() {
        return List.of();
    }

    /** What of several parts a run of so many steps sees, a sentence for each part; nothing if there are no parts. */
    default List<String> seen(long steps) {
        return List.of();
    }
}
