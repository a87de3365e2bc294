package io.softq4j.training.optim;

/**
 * How the learning rate goes on after the warm-up. Names of Hugging Face transformers; {@code constant} heeds {@code warmup_steps} too, as
 * {@code constant_with_warmup} does there.
 */
public enum LrSchedulerType {
    /** Stays. */
    CONSTANT,
    /** Half a cosine down to 0 at the last step. */
    COSINE,
    /** A straight line down to 0 at the last step. */
    LINEAR
}
