/**
 * Sweeps: a training run repeated over values of its configuration and over seeds, driven by Arbiter's runner, journalled after every trial and
 * resumable.
 *
 * <p>{@link io.softq4j.sweep.Sweep#run} is the entry. What a trial is and does comes from the caller as a {@link io.softq4j.sweep.TrialRunner};
 * this package decides which trials there are ({@link io.softq4j.sweep.SweepConfig}), runs them, isolates their failures and keeps {@code
 * sweep.json}.
 *
 * <p>Arbiter ({@code org.deeplearning4j.arbiter}, 1.0.0-beta7, the last release) is used here and nowhere else. It logs its progress at INFO under
 * {@code org.deeplearning4j.arbiter}; set that logger to WARN.
 */
package io.softq4j.sweep;
