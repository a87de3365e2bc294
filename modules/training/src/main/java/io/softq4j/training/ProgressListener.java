package io.softq4j.training;

import java.nio.file.Path;

/** Follows a run; called from the thread that trains. */
public interface ProgressListener {

    /** Hears nothing. */
    ProgressListener NONE = new ProgressListener() {
        @Override
        public void planned(TrainingMemory memory) {
        }

        @Override
        public void started(long step, long totalSteps, DataSummary data) {
        }

        @Override
        public void step(StepMetrics metrics) {
        }

        @Override
        public void evaluated(EvalMetrics metrics) {
        }

        @Override
        public void saved(Path directory) {
        }

        @Override
        public void ended() {
        }
    };

    /** What the run will need, before any of it is allocated. */
    void planned(TrainingMemory memory);

    /** The run begins after {@code step} updates, 0 unless it is resumed. */
    void started(long step, long totalSteps, DataSummary data);

    /** How long the run will take still, validations and checkpoints included; told before each {@link #step}. */
    default void left(double seconds) {
    }

    /** An update is done. */
    void step(StepMetrics metrics);

    /** The validation loss is known. */
    void evaluated(EvalMetrics metrics);

    /** A checkpoint, or the model at the end, is safe on the disk. */
    void saved(Path directory);

    /** The run is over, also when it failed. */
    void ended();
}
