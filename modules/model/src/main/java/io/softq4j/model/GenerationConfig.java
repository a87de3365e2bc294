package io.softq4j.model;

import io.softq4j.common.UserError;

/**
 * How to continue prompts, with the names of Hugging Face's {@code generation_config.json}.
 *
 * @param maxNewTokens       longest continuation
 * @param doSample           false: the most probable token each time (greedy), and the sampler settings are not used
 * @param temperature        logits are divided by it before sampling
 * @param topK               only the k most probable tokens; 0 for all
 * @param topP               only the most probable tokens that together reach this probability; 1 for all
 * @param numReturnSequences continuations of each prompt
 * @param batchSize          sequences decoded side by side
 * @param seed               of the sampler; a continuation depends on the seed, its prompt's index and its own number
 */
public record GenerationConfig(int maxNewTokens, boolean doSample, double temperature, int topK, double topP, int numReturnSequences, int batchSize,
                               long seed) {

    public GenerationConfig {
        require(maxNewTokens >= 1, "max_new_tokens must be at least 1, was " + maxNewTokens);
        require(temperature > 0 && Double.isFinite(temperature),
                "temperature must be above 0, was " + temperature + "; for the most probable token each time set do_sample to false");
        require(topK >= 0, "top_k must be at least 0 (0 is all), was " + topK);
        require(topP > 0 && topP <= 1, "top_p must be above 0 and at most 1 (1 is all), was " + topP);
        require(numReturnSequences >= 1, "num_return_sequences must be at least 1, was " + numReturnSequences);
        require(batchSize >= 1, "batch_size must be at least 1, was " + batchSize);
    }

    /** Sampling from the model's own distribution, one continuation of up to 128 tokens. */
    public static GenerationConfig defaults() {
        return new GenerationConfig(128, true, 1.0, 0, 1.0, 1, 32, 42);
    }

    /** Sampling at this temperature, so many of each prompt, with this seed. */
    public GenerationConfig sampling(double temperature, int numReturnSequences, long seed) {
        return new GenerationConfig(maxNewTokens, true, temperature, topK, topP, numReturnSequences, batchSize, seed);
    }

    private static void require(boolean allowed, String message) {
        if (!allowed) {
            throw new UserError(message);
        }
    }
}
