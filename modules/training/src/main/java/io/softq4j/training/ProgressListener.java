package io.softq4j.training;

import io.softq4j.training.rows.DataSummary;
import io.softq4j.training.run.TrainingMemory;
import java.nio.file.Path;

/** Follows a run; called from the thread that trains. Nothing has to be heard. */
public interface ProgressListener {

    /** Hears nothing. */
    ProgressListener NONE = new ProgressListener() { };

    /** What the run will need, before any of it is allocated; with an objective of an application's own, when that is made. */
    default void planned(TrainingMemory memory) {
    }

    /** The run begins after {@code step} updates, 0 unless it is resumed. */
    default void started(long step, long totalSteps, DataSummary data) {
    }

    /** How long the run will take still, validations and checkpoints included; told before each {@link #step}. */
    default void left(double seconds) {
    }

    /** An update is done. */
    default void step(StepMetrics metrics) {
    }

    /** So many rows of the validation data are read. */
    default void evaluating(long rows, long total) {
    }

    /** So many tokens of the texts of an evaluation are written, of as many as it may be. */
    default void generating(long tokens, long total) {
    }

    /** The validation loss is known. */
    default void evaluated(EvalMetrics metrics) {
    }

    /** A checkpoint, or the model at the end, is safe on the disk. */
    default void saved(Path directory) {
    }

    /** The run is over, also when it failed. */
    default void ended() {
    }
}
