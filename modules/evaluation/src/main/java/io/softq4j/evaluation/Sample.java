package io.softq4j.evaluation;

import java.util.Objects;

/**
 * One response: sampled here, or written elsewhere ({@link #of}), of which only the text is known.
 *
 * @param text    the response, decoded, without the prompt and without EOS
 * @param tokens  number of sampled tokens, EOS included where it was sampled; -1 for a text from elsewhere
 * @param ended   true where the model ended the response itself (EOS), false where the length limit cut it off
 * @param entropy mean over those tokens of the entropy of the model's own distribution (temperature 1, nothing truncated), nats; at least 0;
 *                NaN for a text from elsewhere
 */
public record Sample(String text, int tokens, boolean ended, double entropy) {

    /** An entropy computed in float32 may fall below 0 by rounding. */
    private static final double ROUNDING = 1e-5;

    public Sample {
        Objects.requireNonNull(text, "text");
        if (tokens < -1) {
            throw new IllegalArgumentException("a sample of " + tokens + " tokens");
        }
        if (tokens >= 0 && (!Double.isFinite(entropy) || entropy < -ROUNDING)) {
            throw new IllegalArgumentException("entropy is " + entropy + " nats, must be finite and at least 0");
        }
        entropy = Math.max(0, entropy);
    }

    /** A text from elsewhere. */
    public static Sample of(String text) {
        return new Sample(text, -1, true, Double.NaN);
    }

    /** Whether its tokens are known. */
    public boolean hasTokens() {
        return tokens >= 0;
    }
}
