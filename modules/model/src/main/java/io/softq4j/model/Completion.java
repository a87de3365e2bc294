package io.softq4j.model;

/**
 * One continuation.
 *
 * @param ids     the new tokens, EOS left out
 * @param ended   true if it ended in EOS, false if it was cut off at the limit
 * @param tokens  new tokens, EOS included
 * @param entropy mean over its tokens of the entropy of the model's own distribution (temperature 1, all tokens), in nats
 */
public record Completion(int[] ids, boolean ended, int tokens, double entropy) {
}
