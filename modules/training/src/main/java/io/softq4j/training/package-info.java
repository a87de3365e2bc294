/**
 * The loop: which examples form which step, batches, AdamW, schedules, checkpoints, resume, and the run directory.
 *
 * <p>Everything here is a function of the configuration and of the step: the same seed, configuration and machine give the same bits, also when a run
 * is killed and resumed. Times alone (tokens per second, elapsed seconds) come from the clock.
 */
package io.softq4j.training;
