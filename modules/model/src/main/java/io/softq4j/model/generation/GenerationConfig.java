package io.softq4j.model.generation;

import io.softq4j.common.UserError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * How to continue prompts, with the names, the meanings and the defaults of Hugging Face's {@code generation_config.json}, but for the length, which
 * is 128 where theirs is 20, {@code top_k}, which is all where theirs is 50, and what theirs does not have: {@code batch_size} and {@code seed}.
 *
 * @param maxNewTokens       longest continuation
 * @param maxLength          longest sequence, prompt included; 0 for none. Both limits hold
 * @param minNewTokens       no token that ends a text before that many
 * @param minLength          nor in a sequence that is shorter, prompt included
 * @param doSample           false: the most probable token each time (greedy) or beam search, and the sampler settings are not used
 * @param temperature        logits are divided by it before sampling; 0 is the most probable token each time
 * @param topK               only the k most probable tokens; 0 for all, 1 is the most probable token each time
 * @param topP               only the most probable tokens that together reach this probability; 1 for all
 * @param minP               only tokens with at least this share of the probability of the most probable one; 0 for all
 * @param typicalP           only the most typical tokens that together reach this probability; 1 for all
 * @param epsilonCutoff      only tokens of at least this probability; 0 for all
 * @param etaCutoff          only tokens of at least a probability that falls with the entropy; 0 for all
 * @param repetitionPenalty  makes tokens of prompt and continuation less probable, see {@link LogitsProcessor.RepetitionPenalty}; 1 for none
 * @param noRepeatNgramSize  no run of that many tokens comes twice, those of the prompt included; 0 for none
 * @param badWordsIds        sequences of tokens that do not come
 * @param suppressTokens     tokens that do not come
 * @param beginSuppressTokens tokens that do not come first
 * @param forcedBosTokenId   the token after the very first one
 * @param forcedEosTokenId   tokens of which one comes where the limit is reached; none for no such rule
 * @param exponentialDecayLengthPenalty after how many new tokens, and the factor by which ending becomes more probable with each; empty for none
 * @param renormalizeLogits  whether a beam search makes probabilities again of what the rules above leave
 * @param numBeams           hypotheses of a beam search; 1 for none
 * @param lengthPenalty      exponent of the length a hypothesis' log-probability is divided by: above 0 favours long ones
 * @param earlyStopping      when a beam search ends
 * @param stopStrings        texts that end a continuation, which is cut before them
 * @param numReturnSequences continuations of each prompt
 * @param batchSize          sequences decoded side by side
 * @param seed               of the sampler; a continuation depends on the seed, its prompt's index and its own number
 */
public record GenerationConfig(int maxNewTokens, int maxLength, int minNewTokens, int minLength, boolean doSample, double temperature, int topK,
                               double topP, double minP, double typicalP, double epsilonCutoff, double etaCutoff, double repetitionPenalty,
                               int noRepeatNgramSize, List<List<Integer>> badWordsIds, List<Integer> suppressTokens, List<Integer> beginSuppressTokens,
                               Optional<Integer> forcedBosTokenId, List<Integer> forcedEosTokenId, List<Double> exponentialDecayLengthPenalty,
                               boolean renormalizeLogits, int numBeams, double lengthPenalty, EarlyStopping earlyStopping, List<String> stopStrings,
                               int numReturnSequences, int batchSize, long seed) {

    public GenerationConfig {
        require(maxNewTokens >= 1, "max_new_tokens must be at least 1, was " + maxNewTokens);
        require(maxLength >= 0, "max_length must be at least 0 (0 is no limit but max_new_tokens), was " + maxLength);
        require(minNewTokens >= 0, "min_new_tokens must be at least 0, was " + minNewTokens);
        require(minLength >= 0, "min_length must be at least 0, was " + minLength);
        require(minNewTokens <= maxNewTokens, "min_new_tokens is " + minNewTokens + ", more than max_new_tokens, " + maxNewTokens);
        require(temperature >= 0 && Double.isFinite(temperature), "temperature must be at least 0 (0 is the most probable token each time), was "
                + temperature);
        require(topK >= 0, "top_k must be at least 0 (0 is all), was " + topK);
        requireShare("top_p", topP);
        require(minP >= 0 && minP <= 1, "min_p must be at least 0 (0 is all) and at most 1, was " + minP);
        requireShare("typical_p", typicalP);
        require(epsilonCutoff >= 0 && epsilonCutoff < 1, "epsilon_cutoff must be at least 0 (0 is all) and below 1, was " + epsilonCutoff);
        require(etaCutoff >= 0 && etaCutoff < 1, "eta_cutoff must be at least 0 (0 is all) and below 1, was " + etaCutoff);
        require(repetitionPenalty > 0 && Double.isFinite(repetitionPenalty),
                "repetition_penalty must be above 0 (1 is none), was " + repetitionPenalty);
        require(noRepeatNgramSize >= 0, "no_repeat_ngram_size must be at least 0 (0 is none), was " + noRepeatNgramSize);
        badWordsIds = badWordsIds.stream().map(List::copyOf).toList();
        require(badWordsIds.stream().noneMatch(List::isEmpty), "bad_words_ids must not have an empty sequence");
        suppressTokens = List.copyOf(suppressTokens);
        beginSuppressTokens = List.copyOf(beginSuppressTokens);
        forcedEosTokenId = List.copyOf(forcedEosTokenId);
        exponentialDecayLengthPenalty = List.copyOf(exponentialDecayLengthPenalty);
        require(exponentialDecayLengthPenalty.isEmpty() || exponentialDecayLengthPenalty.size() == 2 && exponentialDecayLengthPenalty.get(1) > 0,
                "exponential_decay_length_penalty must be a number of tokens and a factor above 0, such as [20, 1.05], was "
                        + exponentialDecayLengthPenalty);
        require(numBeams >= 1, "num_beams must be at least 1 (1 is no beam search), was " + numBeams);
        require(Double.isFinite(lengthPenalty), "length_penalty must be a finite number, was " + lengthPenalty);
        require(earlyStopping != null, "early_stopping must be true, false or never");
        stopStrings = List.copyOf(stopStrings);
        require(stopStrings.stream().noneMatch(String::isEmpty), "stop_strings must not have an empty text, which would stop before the first token");
        require(numReturnSequences >= 1, "num_return_sequences must be at least 1, was " + numReturnSequences);
        require(numBeams == 1 || numReturnSequences <= numBeams, "num_return_sequences is " + numReturnSequences + ", more than num_beams, "
                + numBeams + ": a beam search finds no more. Raise num_beams, or lower num_return_sequences");
        require(batchSize >= 1, "batch_size must be at least 1, was " + batchSize);
    }

    /** The most probable token each time, one continuation of up to 128 tokens. */
    public static GenerationConfig defaults() {
        return new GenerationConfig(128, 0, 0, 0, false, 1, 0, 1, 0, 1, 0, 0, 1, 0, List.of(), List.of(), List.of(), Optional.empty(), List.of(), List.of(),
                false, 1, 1, EarlyStopping.FALSE, List.of(), 1, 32, 42);
    }

    /** The most probable token each time. */
    public static GenerationConfig greedy(int maxNewTokens) {
        return defaults().with(c -> c.maxNewTokens = maxNewTokens);
    }

    /** This configuration with what {@code change} sets. */
    public GenerationConfig with(Consumer<GenerationConfigDraft> change) {
        GenerationConfigDraft draft = new GenerationConfigDraft(this);
        change.accept(draft);
        return draft.build();
    }

    /** Sampling at this temperature, that many of each prompt, with this seed; no beam search. At temperature 0 all of a prompt are the same. */
    public GenerationConfig sampling(double temperature, int numReturnSequences, long seed) {
        return with(c -> {
            c.doSample = true;
            c.temperature = temperature;
            c.numBeams = 1;
            c.numReturnSequences = numReturnSequences;
            c.seed = seed;
        });
    }

    /** The same for one continuation. */
    public GenerationConfig single() {
        return with(c -> c.numReturnSequences = 1);
    }

    /** Whether tokens are drawn. */
    public boolean samples() {
        return doSample && temperature > 0 && topK != 1;
    }

    /** Longest continuation of a sequence that begins with that many tokens; below 1 if {@code max_length} leaves no room. */
    public int newTokens(int begun) {
        return maxLength == 0 ? maxNewTokens : Math.min(maxNewTokens, maxLength - begun);
    }

    /**
     * Looks at what only a search needs to be right.
     *
     * @param vocabulary number of tokens
     * @throws UserError if a beam search is to sample, or a token is not one of the vocabulary
     */
    void requireUsable(int vocabulary) {
        require(numBeams == 1 || !samples(), "num_beams is " + numBeams + " and do_sample is true; a beam search does not sample. Set do_sample to "
                + "false to search, or num_beams to 1 to sample");
        requireTokens("bad_words_ids", badWordsIds.stream().flatMap(List::stream).toList(), vocabulary);
        requireTokens("suppress_tokens", suppressTokens, vocabulary);
        requireTokens("begin_suppress_tokens", beginSuppressTokens, vocabulary);
        requireTokens("forced_bos_token_id", forcedBosTokenId.stream().toList(), vocabulary);
        requireTokens("forced_eos_token_id", forcedEosTokenId, vocabulary);
    }

    private static void requireTokens(String key, List<Integer> ids, int vocabulary) {
        ids.stream().filter(id -> id < 0 || id >= vocabulary).findFirst().ifPresent(id -> {
            throw new UserError("generation." + key + " has the token " + id + "; the model has those from 0 to " + (vocabulary - 1));
        });
    }

    /** The same with another seed. */
    public GenerationConfig seeded(long seed) {
        return with(c -> c.seed = seed);
    }

    /** The settings that forbid and force tokens or cut the distribution in a rarer way, if they are not at their defaults, by their keys. */
    public Map<String, Object> rules() {
        Map<String, Object> rules = new TreeMap<>(Map.of("max_length", maxLength, "min_new_tokens", minNewTokens, "min_length", minLength,
                "no_repeat_ngram_size", noRepeatNgramSize, "epsilon_cutoff", epsilonCutoff, "eta_cutoff", etaCutoff));
        rules.values().removeIf(value -> ((Number) value).doubleValue() == 0);
        if (typicalP < 1) {
            rules.put("typical_p", typicalP);
        }
        Map.of("bad_words_ids", badWordsIds, "suppress_tokens", suppressTokens, "begin_suppress_tokens", beginSuppressTokens, "forced_eos_token_id",
                forcedEosTokenId, "exponential_decay_length_penalty", exponentialDecayLengthPenalty).forEach((key, list) -> {
                    if (!list.isEmpty()) {
                        rules.put(key, list);
                    }
                });
        forcedBosTokenId.ifPresent(id -> rules.put("forced_bos_token_id", id));
        return rules;
    }

    /** Rows that so many prompts keep busy: at most {@code batch_size}, and enough for a beam search. */
    public int rows(int prompts) {
        long wanted = (long) prompts * (numBeams > 1 ? numBeams : numReturnSequences);
        return (int) Math.max(numBeams, Math.min(batchSize, wanted) / numBeams * numBeams);
    }

    /** What picks the token in the end. */
    Sampler sampler() {
        return samples() ? new Sampler.Multinomial() : new Sampler.Greedy();
    }

    private static void requireShare(String key, double value) {
        require(value > 0 && value <= 1, key + " must be above 0 and at most 1 (1 is all), was " + value);
    }

    private static void require(boolean allowed, String message) {
        if (!allowed) {
            throw new UserError(message);
        }
    }
}
