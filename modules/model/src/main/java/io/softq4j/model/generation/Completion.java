package io.softq4j.model.generation;

import java.util.Arrays;

/**
 * One continuation.
 *
 * @param ids          the new tokens, EOS left out, those that spell a stop string not
 * @param text         their text, up to a stop string
 * @param finishReason why there are no more
 * @param logprobs     of each new token, EOS included: logarithm of its probability under the model's own distribution (temperature 1, all
 *                     tokens, no penalty), in nats
 * @param entropy      mean over the same tokens of the entropy of that distribution, in nats
 */
public record Completion(int[] ids, String text, FinishReason finishReason, double[] logprobs, double entropy) {

    /** Number of new tokens, EOS included. */
    public int tokens() {
        return logprobs.length;
    }

    /** True if the model ended it, or a stop string; false if it was cut off at the limit. */
    public boolean ended() {
        return finishReason != FinishReason.LENGTH;
    }

    /** The log-probability of the whole, nats. */
    public double logprob() {
        return Arrays.stream(logprobs).sum();
    }
}
