package io.softq4j.evaluation;

/**
 * How much stands behind every point of a {@link Frontier}.
 *
 * @param prompts how many different ones
 * @param samples of each prompt, for each model and sampler
 */
public record FrontierSize(int prompts, int samples) {
}
