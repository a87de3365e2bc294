package io.softq4j.model;

import java.util.Arrays;
import java.util.Optional;

/** The feed-forward layer of T5, by what {@code feed_forward_proj} calls it. */
public enum T5FeedForward {

    /** max(x wi^T, 0) wo^T, of the first T5. */
    RELU("relu", "relu"),

    /** (gelu(x wi_0^T) * x wi_1^T) wo^T with the tanh form of GELU (Shazeer 2020, arXiv 2002.05202), of T5 v1.1 and Flan-T5. */
    GATED_GELU("gated-gelu", "gelu_new");

    private final String projection;
    private final String activation;

    T5FeedForward(String projection, String activation) {
        this.projection = projection;
        this.activation = activation;
    }

    /** {@code feed_forward_proj}. */
    public String projection() {
        return projection;
    }

    /** {@code dense_act_fn}. */
    String activation() {
        return activation;
    }

    /** {@code is_gated_act}. */
    boolean gated() {
        return this == GATED_GELU;
    }

    /** The kind with a gate or without, and with an activation by one of its names. */
    static Optional<T5FeedForward> of(boolean gated, String activation) {
        return Arrays.stream(values()).filter(f -> f.gated() == gated
                && (f.activation.equals(activation) || gated && HiddenAct.named(activation).filter(HiddenAct.GELU_NEW::equals).isPresent()))
                .findFirst();
    }
}
