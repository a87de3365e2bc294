package io.softq4j.sweep;

import java.util.concurrent.RejectedExecutionException;
import org.deeplearning4j.arbiter.optimize.config.OptimizationConfiguration;
import org.deeplearning4j.arbiter.optimize.runner.LocalOptimizationRunner;

/** Arbiter's local runner, which ends when it should: cancelled trials are interrupted, none outlives {@link #execute}, its threads end with it. */
final class SweepRunner extends LocalOptimizationRunner {

    private final SweepControl control;
    private final SweepJournal journal;

    SweepRunner(int parallelism, OptimizationConfiguration configuration, TrialTasks tasks, SweepControl control, SweepJournal journal) {
        super(parallelism, configuration, tasks);
        this.control = control;
        this.journal = journal;
        setShutdownMaxWaitMS(Long.MAX_VALUE); // a trial may take longer than Arbiter's two days
    }

    @Override
    public void execute() {
        try {
            super.execute();
        } catch (RejectedExecutionException e) {
            if (!control.cancelled()) {
                throw e;
            }
            // Arbiter was about to queue another trial when the sweep was cancelled
        } finally {
            shutdown(true);
            futureListenerExecutor.shutdown(); // Arbiter leaves these threads behind
        }
    }

    /** Begins no new trial and interrupts the running ones; returns at once. */
    void cancel() {
        control.cancel();
        interruptTrials();
    }

    @Override
    public void shutdown(boolean awaitTermination) {
        if (control.cancelled()) {
            interruptTrials();
        }
        super.shutdown(awaitTermination);
    }

    /** An interrupt in the middle of a write closes its channel, so none is sent while the journal is being written. */
    private void interruptTrials() {
        synchronized (journal) {
            super.shutdown(false);
        }
    }
}
