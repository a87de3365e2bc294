package io.softq4j.evaluation;

import java.util.Objects;

/**
 * One sampled response.
 *
 * @param text    the response, decoded, without the prompt and without EOS
 * @param tokens  number of sampled tokens, EOS included where it was sampled
 * @param ended   true where the model ended the response itself (EOS), false where the length limit cut it off
 * @param entropy mean over those tokens of the entropy of the model's own distribution (temperature 1, nothing truncated), nats; at least 0
 */
public record Sample(String text, int tokens, boolean ended, double entropy) {

    /** An entropy computed in float32 may fall below 0 by rounding. */
    private static final double ROUNDING = 1e-5;

    public Sample {
        Objects.requireNonNull(text, "text");
        if (tokens < 0) {
            throw new IllegalArgumentException("a sample of " + tokens + " tokens");
        }
        if (!Double.isFinite(entropy) || entropy < -ROUNDING) {
            throw new IllegalArgumentException("entropy is " + entropy + " nats, must be finite and at least 0");
        }
        entropy = Math.max(0, entropy);
    }
}
