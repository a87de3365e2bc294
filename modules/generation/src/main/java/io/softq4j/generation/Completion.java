package io.softq4j.generation;

import java.util.Arrays;

/**
 * A completion is one continuation of a prompt, with the reason why it ended.
 *
 * @param tokenIds     the new tokens, EOS included, and those that spell a stop string
 * @param text         their text, up to a stop string
 * @param finishReason why there are no more
 * @param logprobs     of each new token: logarithm of its probability under the model's own distribution (temperature 1, all
 *                     tokens, no penalty), in nats
 * @param entropy      mean over the same tokens of the entropy of that distribution, in nats
 */
public record Completion(int[] tokenIds, String text, FinishReason finishReason, double[] logprobs, double entropy) {

    /** The new tokens without EOS. */
    public int[] ids() {
        return finishReason == FinishReason.EOS ? Arrays.copyOf(tokenIds, tokenIds.length - 1) : tokenIds;
    }

    /** Number of new tokens, EOS included. */
    public int tokens() {
        return tokenIds.length;
    }

    /** True if the model ended it, or a stop string; false if it was cut off. */
    public boolean ended() {
        return finishReason == FinishReason.EOS || finishReason == FinishReason.STOP_STRING;
    }

    /** The log-probability of the whole, nats. */
    public double logprob() {
        return Arrays.stream(logprobs).sum();
    }
}
