package io.softq4j.evaluation;

/**
 * How much was measured.
 *
 * @param prompts number of different prompts
 * @param samples number of samples over all prompts
 * @param tokens  number of sampled tokens over all samples
 */
public record Counts(int prompts, int samples, long tokens) {
}
