package io.softq4j.training;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How the learning rate goes on after the warm-up. Names of Hugging Face transformers; each takes {@code warmup_steps} into account. */
public enum LrSchedulerType {
    /** Stays. */
    @JsonProperty("constant") @JsonAlias("constant_with_warmup") CONSTANT,
    /** Half a cosine down to 0 at the last step. */
    @JsonProperty("cosine") COSINE,
    /** A straight line down to 0 at the last step. */
    @JsonProperty("linear") LINEAR
}
