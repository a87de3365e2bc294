package io.softq4j.sweep;

/** Trains and evaluates one trial. */
@FunctionalInterface
public interface TrialRunner {

    /**
     * Runs {@code trial} in its directory, which exists and may hold what an earlier, unfinished attempt left.
     * Called on a thread of the sweep, by several at a time when the sweep's parallelism is above 1.
     * When the sweep is cancelled the thread is interrupted; long computations should look at the flag and throw {@link InterruptedException}.
     *
     * @throws java.util.concurrent.CancellationException if the sweep is to stop: no trial begins any more, and this one runs again the next time
     * @throws Exception recorded as the failure of this trial; a {@link io.softq4j.common.UserError} by its message, anything else with its stack
     *                   trace
     */
    TrialResult run(Trial trial) throws Exception;
}
