package io.softq4j.evaluation;

/**
 * How the samples were drawn.
 *
 * @param temperature the logits are divided by it; 0 is greedy
 * @param topK        only the k likeliest tokens are drawn from; 0 is all
 * @param topP        only the likeliest tokens that together reach this probability are drawn from; 1 is all
 * @param n           samples a prompt
 * @param seed        of the sampler
 */
public record SamplerSettings(double temperature, int topK, double topP, int n, long seed) {

    public SamplerSettings {
        if (!Double.isFinite(temperature) || temperature < 0) {
            throw new IllegalArgumentException("temperature is " + temperature + ", must be finite and at least 0");
        }
        if (topK < 0) {
            throw new IllegalArgumentException("top_k is " + topK + ", must be at least 0 (0 is all tokens)");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("top_p is " + topP + ", must be above 0 and at most 1");
        }
        if (n < 1) {
            throw new IllegalArgumentException("n is " + n + ", must be at least 1");
        }
    }
}
