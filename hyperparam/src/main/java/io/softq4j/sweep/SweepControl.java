package io.softq4j.sweep;

import org.deeplearning4j.arbiter.optimize.api.termination.TerminationCondition;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;

/**
 * Ends a sweep early: no new trial begins; when cancelled, the running ones are interrupted too.
 * Arbiter's runner asks after each trial and once a second.
 */
final class SweepControl implements TerminationCondition {

    private volatile boolean stopped;
    private volatile boolean cancelled;
    private RuntimeException failure;

    /** Lets the running trials finish. */
    void stop() {
        stopped = true;
    }

    void cancel() {
        cancelled = true;
        stopped = true;
    }

    /** Cancels because the sweep itself, not a trial, cannot go on; the first cause stays. */
    synchronized void fail(RuntimeException cause) {
        if (failure == null) {
            failure = cause;
        }
        cancel();
    }

    boolean cancelled() {
        return cancelled;
    }

    /** Throws what {@link #fail} was given, if it was called. */
    synchronized void rethrow() {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void initialize(IOptimizationRunner runner) {
        // a sweep may be stopped before Arbiter begins; nothing to reset
    }

    @Override
    public boolean terminate(IOptimizationRunner runner) {
        return stopped;
    }
}
