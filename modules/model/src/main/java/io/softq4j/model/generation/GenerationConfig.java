package io.softq4j.model.generation;

import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.List;

/**
 * How to continue prompts, with the names of Hugging Face's {@code generation_config.json}.
 *
 * @param maxNewTokens       longest continuation
 * @param doSample           false: the most probable token each time (greedy) or beam search, and the sampler settings are not used
 * @param temperature        logits are divided by it before sampling
 * @param topK               only the k most probable tokens; 0 for all
 * @param topP               only the most probable tokens that together reach this probability; 1 for all
 * @param minP               only tokens with at least this share of the probability of the most probable one; 0 for all
 * @param repetitionPenalty  makes tokens of prompt and continuation less probable, see {@link LogitsProcessor.RepetitionPenalty}; 1 for none
 * @param numBeams           hypotheses of a beam search; 1 for none
 * @param lengthPenalty      exponent of the length a hypothesis' log-probability is divided by: above 0 favours long ones
 * @param earlyStopping      whether a beam search ends with {@code num_beams} finished hypotheses, see {@link BeamDecoding}
 * @param stopStrings        texts that end a continuation, which is cut before them
 * @param numReturnSequences continuations of each prompt
 * @param batchSize          sequences decoded side by side
 * @param seed               of the sampler; a continuation depends on the seed, its prompt's index and its own number
 */
public record GenerationConfig(int maxNewTokens, boolean doSample, double temperature, int topK, double topP, double minP, double repetitionPenalty,
                               int numBeams, double lengthPenalty, boolean earlyStopping, List<String> stopStrings, int numReturnSequences,
                               int batchSize, long seed) {

    public GenerationConfig {
        require(maxNewTokens >= 1, "max_new_tokens must be at least 1, was " + maxNewTokens);
        require(temperature > 0 && Double.isFinite(temperature),
                "temperature must be above 0, was " + temperature + "; for the most probable token each time set do_sample to false");
        require(topK >= 0, "top_k must be at least 0 (0 is all), was " + topK);
        require(topP > 0 && topP <= 1, "top_p must be above 0 and at most 1 (1 is all), was " + topP);
        require(minP >= 0 && minP <= 1, "min_p must be at least 0 (0 is all) and at most 1, was " + minP);
        require(repetitionPenalty > 0 && Double.isFinite(repetitionPenalty),
                "repetition_penalty must be above 0 (1 is none), was " + repetitionPenalty);
        require(numBeams >= 1, "num_beams must be at least 1 (1 is no beam search), was " + numBeams);
        require(numBeams == 1 || !doSample, "num_beams is " + numBeams + " and do_sample is true; a beam search does not sample. Set do_sample to "
                + "false to search, or num_beams to 1 to sample");
        require(Double.isFinite(lengthPenalty), "length_penalty must be a finite number, was " + lengthPenalty);
        stopStrings = List.copyOf(stopStrings);
        require(stopStrings.stream().noneMatch(String::isEmpty), "stop_strings must not have an empty text, which would stop before the first token");
        require(numReturnSequences >= 1, "num_return_sequences must be at least 1, was " + numReturnSequences);
        require(numBeams == 1 || numReturnSequences <= numBeams, "num_return_sequences is " + numReturnSequences + ", more than num_beams, "
                + numBeams + ": a beam search finds no more. Raise num_beams, or lower num_return_sequences");
        require(batchSize >= 1, "batch_size must be at least 1, was " + batchSize);
    }

    /** Sampling from the model's own distribution, one continuation of up to 128 tokens. */
    public static GenerationConfig defaults() {
        return new GenerationConfig(128, true, 1.0, 0, 1.0, 0.0, 1.0, 1, 1.0, false, List.of(), 1, 32, 42);
    }

    /** The most probable token each time. */
    public static GenerationConfig greedy(int maxNewTokens) {
        return new GenerationConfig(maxNewTokens, false, 1.0, 0, 1.0, 0.0, 1.0, 1, 1.0, false, List.of(), 1, 32, 42);
    }

    /** Sampling at this temperature, so many of each prompt, with this seed; no beam search. */
    public GenerationConfig sampling(double temperature, int numReturnSequences, long seed) {
        return new GenerationConfig(maxNewTokens, true, temperature, topK, topP, minP, repetitionPenalty, 1, lengthPenalty, earlyStopping,
                stopStrings, numReturnSequences, batchSize, seed);
    }

    /** The same for one continuation. */
    public GenerationConfig single() {
        return new GenerationConfig(maxNewTokens, doSample, temperature, topK, topP, minP, repetitionPenalty, numBeams, lengthPenalty, earlyStopping,
                stopStrings, 1, batchSize, seed);
    }

    /** The same with another seed. */
    public GenerationConfig seeded(long seed) {
        return new GenerationConfig(maxNewTokens, doSample, temperature, topK, topP, minP, repetitionPenalty, numBeams, lengthPenalty, earlyStopping,
                stopStrings, numReturnSequences, batchSize, seed);
    }

    /** Rows that so many prompts keep busy: at most {@code batch_size}, and enough for a beam search. */
    public int rows(int prompts) {
        long wanted = (long) prompts * (numBeams > 1 ? numBeams : numReturnSequences);
        return (int) Math.max(numBeams, Math.min(batchSize, wanted) / numBeams * numBeams);
    }

    /** What is done to the logits of one token, in Hugging Face's order. */
    List<LogitsProcessor> processors() {
        List<LogitsProcessor> processors = new ArrayList<>();
        if (repetitionPenalty != 1) {
            processors.add(new LogitsProcessor.RepetitionPenalty(repetitionPenalty));
        }
        if (!doSample) {
            return processors;
        }
        if (temperature != 1) {
            processors.add(new LogitsProcessor.Temperature(temperature));
        }
        if (topK > 0) {
            processors.add(new LogitsProcessor.TopK(topK));
        }
        if (topP < 1) {
            processors.add(new LogitsProcessor.TopP(topP));
        }
        if (minP > 0) {
            processors.add(new LogitsProcessor.MinP(minP));
        }
        return processors;
    }

    /** What picks the token then. */
    Sampler sampler() {
        return doSample ? new Sampler.Multinomial() : new Sampler.Greedy();
    }

    private static void require(boolean allowed, String message) {
        if (!allowed) {
            throw new UserError(message);
        }
    }
}
