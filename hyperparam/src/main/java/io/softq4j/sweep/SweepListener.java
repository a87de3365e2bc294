package io.softq4j.sweep;

import java.util.List;

/** Told how a sweep goes. Calls come one at a time, from threads of the sweep; an exception thrown here ends the sweep. */
public interface SweepListener {

    /**
     * Before the first trial.
     *
     * @param records  every trial of the study, in order, with what the journal knows of it
     * @param toRun    how many of them will be run now
     */
    default void sweepStarted(List<TrialRecord> records, int toRun) {
    }

    /** Just before the trial runs. */
    default void trialStarted(Trial trial) {
    }

    /** After the trial completed, failed or was cancelled; the journal holds it already. */
    default void trialFinished(TrialRecord record) {
    }
}
