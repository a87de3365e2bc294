package io.softq4j.generation;

import io.softq4j.common.Drafts;
import io.softq4j.common.Form;
import io.softq4j.common.Items;
import io.softq4j.common.Key;
import io.softq4j.common.Keys;
import io.softq4j.common.Range;
import io.softq4j.common.UserError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * This record says how to continue prompts, with the names, meanings and defaults of Hugging Face's {@code generation_config.json}. The
 * exceptions are the length, which is 128 instead of 20, {@code top_k}, which is all tokens instead of 50, and three additional keys,
 * {@code batch_size}, {@code seed} and {@code calculator}.
 *
 * <p>Each component is a key of the section {@code generation}; its {@link Key} says what it means.
 */
public record GenerationConfig(
        @Key("longest continuation; the context ends it too")
        @Range(atLeast = 1)
        int maxNewTokens,
        @Key(value = "longest sequence, prompt included; only if nothing states `max_new_tokens`", allowed = "0: no limit")
        @Range(atLeast = 0)
        int maxLength,
        @Key(value = "a text does not end before it has that many new tokens", allowed = "at most `max_new_tokens`")
        @Range(atLeast = 0)
        int minNewTokens,
        @Key("nor before the sequence has that many tokens, prompt included")
        @Range(atLeast = 0)
        int minLength,
        @Key(value = "false: the most probable token each time, or a beam search; temperature, top_k, top_p, min_p, typical_p, the "
                + "cutoffs and seed are then not used",
                allowed = "false with `num_beams` above 1")
        boolean doSample,
        @Key(value = "logits are divided by it", allowed = "0 is the most probable token each time")
        @Range(atLeast = 0)
        double temperature,
        @Key(value = "only the k most probable tokens; where `generate` and `chat` sample and nothing states it, 50",
                allowed = "0 is all, 1 the most probable token each time")
        @Range(atLeast = 0)
        int topK,
        @Key(value = "then only the most probable ones that together reach this probability", allowed = "1 is all")
        @Range(above = 0, atMost = 1)
        double topP,
        @Key(value = "then only those with at least this share of the probability of the most probable", allowed = "0 is all")
        @Range(atLeast = 0, atMost = 1)
        double minP,
        @Key(value = "then only the most typical ones that together reach this probability", allowed = "1 is all")
        @Range(above = 0, atMost = 1)
        double typicalP,
        @Key(value = "then only those of at least this probability", allowed = "0 is all")
        @Range(atLeast = 0, below = 1)
        double epsilonCutoff,
        @Key(value = "then only those of at least a probability that falls with the entropy", allowed = "0 is all")
        @Range(atLeast = 0, below = 1)
        double etaCutoff,
        @Key(value = "logits of tokens of prompt and continuation are divided by it where positive, multiplied where negative; "
                + "before all of these",
                allowed = "1 is none")
        @Range(above = 0)
        double repetitionPenalty,
        @Key(value = "no run of that many tokens comes twice, those of the prompt included", allowed = "0 is none")
        @Range(atLeast = 0)
        int noRepeatNgramSize,
        @Key(value = "sequences of token ids that do not come", allowed = "a list of lists, none of them empty")
        @Items(eachAtLeast = 1)
        List<List<Integer>> badWordsIds,
        @Key(value = "token ids that do not come", allowed = "a list")
        List<Integer> suppressTokens,
        @Key(value = "token ids that do not come first", allowed = "a list")
        List<Integer> beginSuppressTokens,
        @Key(value = "the token after the very first of a sequence", allowed = "a token id")
        Optional<Integer> forcedBosTokenId,
        @Key(value = "tokens of which one is the last if the limit is reached", allowed = "a list")
        List<Integer> forcedEosTokenId,
        @Key(value = "after how many new tokens, and by which factor with each, ending becomes more probable",
                allowed = "two numbers, such as `[20, 1.05]`, or none")
        @Items(count = {0, 2})
        List<Double> exponentialDecayLengthPenalty,
        @Key("a beam search adds up log-probabilities of what the rules above leave, not those before")
        boolean renormalizeLogits,
        @Key(value = "hypotheses of a beam search", allowed = "1: no beam search")
        @Range(atLeast = 1)
        int numBeams,
        @Key(value = "the log-probability of a hypothesis is divided by its length to this power", allowed = "0 is the plain sum")
        @Range
        double lengthPenalty,
        @Key("when a beam search ends that has `num_beams` finished hypotheses, see [generation.md](generation.md)")
        EarlyStopping earlyStopping,
        @Key(value = "texts that end a continuation, which is cut before them", allowed = "a list of texts, none of them empty")
        @Form("[\\s\\S]+")
        List<String> stopStrings,
        @Key(value = "continuations of each prompt",
                allowed = "at most `num_beams` in a beam search; 1 if a run neither samples nor searches")
        @Range(atLeast = 1)
        int numReturnSequences,
        @Key("sequences decoded side by side; a beam is one")
        @Range(atLeast = 1)
        int batchSize,
        @Key("of the sampler: a continuation depends on it, on the prompt's place and on its own number")
        long seed,
        @Key(value = "whether a calculator writes what comes after `<<48/2=` while a text is sampled, as GSM8K was evaluated",
                allowed = "false with `num_beams` above 1")
        boolean calculator) {

    private static final Keys KEYS = Keys.of(GenerationConfig.class);

    public GenerationConfig {
        KEYS.check("max_new_tokens", maxNewTokens);
        KEYS.check("max_length", maxLength);
        KEYS.check("min_new_tokens", minNewTokens);
        KEYS.check("min_length", minLength);
        KEYS.check("temperature", temperature);
        KEYS.check("top_k", topK);
        KEYS.check("top_p", topP);
        KEYS.check("min_p", minP);
        KEYS.check("typical_p", typicalP);
        KEYS.check("epsilon_cutoff", epsilonCutoff);
        KEYS.check("eta_cutoff", etaCutoff);
        KEYS.check("repetition_penalty", repetitionPenalty);
        KEYS.check("no_repeat_ngram_size", noRepeatNgramSize);
        KEYS.check("num_beams", numBeams);
        KEYS.check("length_penalty", lengthPenalty);
        KEYS.check("early_stopping", earlyStopping);
        KEYS.check("num_return_sequences", numReturnSequences);
        KEYS.check("batch_size", batchSize);
        require(minNewTokens <= maxNewTokens, "min_new_tokens is " + minNewTokens + ", more than max_new_tokens, " + maxNewTokens);
        badWordsIds = badWordsIds.stream().map(List::copyOf).toList();
        KEYS.check("bad_words_ids", badWordsIds);
        suppressTokens = List.copyOf(suppressTokens);
        beginSuppressTokens = List.copyOf(beginSuppressTokens);
        forcedEosTokenId = List.copyOf(forcedEosTokenId);
        exponentialDecayLengthPenalty = List.copyOf(exponentialDecayLengthPenalty);
        KEYS.check("exponential_decay_length_penalty", exponentialDecayLengthPenalty);
        require(exponentialDecayLengthPenalty.isEmpty() || exponentialDecayLengthPenalty.get(1) > 0,
                "exponential_decay_length_penalty must be a number of tokens and a factor above 0, such as [20, 1.05], was "
                        + exponentialDecayLengthPenalty);
        stopStrings = List.copyOf(stopStrings);
        require(stopStrings.stream().noneMatch(String::isEmpty), "stop_strings must not have an empty text, which would stop before the "
                + "first token");
        require(numBeams == 1 || numReturnSequences <= numBeams, "num_return_sequences is " + numReturnSequences + ", more than num_beams, "
                + numBeams + ": a beam search finds no more. Raise num_beams, or lower num_return_sequences");
    }

    /** The components by name, to be set; see {@link #with}. Each method is documented at the component of its name. */
    public interface Draft {

        Draft maxNewTokens(int value);

        Draft maxLength(int value);

        Draft minNewTokens(int value);

        Draft minLength(int value);

        Draft doSample(boolean value);

        Draft temperature(double value);

        Draft topK(int value);

        Draft topP(double value);

        Draft minP(double value);

        Draft typicalP(double value);

        Draft epsilonCutoff(double value);

        Draft etaCutoff(double value);

        Draft repetitionPenalty(double value);

        Draft noRepeatNgramSize(int value);

        Draft badWordsIds(List<List<Integer>> value);

        Draft suppressTokens(List<Integer> value);

        Draft beginSuppressTokens(List<Integer> value);

        Draft forcedBosTokenId(Optional<Integer> value);

        Draft forcedEosTokenId(List<Integer> value);

        Draft exponentialDecayLengthPenalty(List<Double> value);

        Draft renormalizeLogits(boolean value);

        Draft numBeams(int value);

        Draft lengthPenalty(double value);

        Draft earlyStopping(EarlyStopping value);

        Draft stopStrings(List<String> value);

        Draft numReturnSequences(int value);

        Draft batchSize(int value);

        Draft seed(long value);

        Draft calculator(boolean value);
    }

    /** The most probable token each time, one continuation of up to 128 tokens. */
    public static GenerationConfig defaults() {
        return Drafts.make(GenerationConfig.class, Draft.class, c -> c.maxNewTokens(128).maxLength(0).minNewTokens(0).minLength(0)
                .doSample(false).temperature(1).topK(0).topP(1).minP(0).typicalP(1).epsilonCutoff(0).etaCutoff(0).repetitionPenalty(1)
                .noRepeatNgramSize(0).badWordsIds(List.of()).suppressTokens(List.of()).beginSuppressTokens(List.of())
                .forcedBosTokenId(Optional.empty()).forcedEosTokenId(List.of()).exponentialDecayLengthPenalty(List.of())
                .renormalizeLogits(false).numBeams(1).lengthPenalty(1).earlyStopping(EarlyStopping.FALSE).stopStrings(List.of())
                .numReturnSequences(1).batchSize(32).seed(42).calculator(false));
    }

    /** The most probable token each time. */
    public static GenerationConfig greedy(int maxNewTokens) {
        return defaults().with(c -> c.maxNewTokens(maxNewTokens));
    }

    /** This configuration with what {@code change} sets. */
    public GenerationConfig with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
    }

    /**
     * Sampling at this temperature, that many of each prompt, with this seed; no beam search. At temperature 0 all of a prompt are the
     * same.
     */
    public GenerationConfig sampling(double temperature, int numReturnSequences, long seed) {
        return with(c -> c.doSample(true).temperature(temperature).numBeams(1).numReturnSequences(numReturnSequences).seed(seed));
    }

    /** The same for one continuation. */
    public GenerationConfig single() {
        return with(c -> c.numReturnSequences(1));
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
        require(numBeams == 1 || !samples(), "num_beams is " + numBeams + " and do_sample is true; a beam search does not sample. Set "
                + "do_sample to "
                + "false to search, or num_beams to 1 to sample");
        require(numBeams == 1 || !calculator, "num_beams is " + numBeams + " and calculator is true; the calculator continues one text at "
                + "a time. Set "
                + "num_beams to 1, or calculator to false");
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
        return with(c -> c.seed(seed));
    }

    /**
     * The settings that forbid and force tokens or cut the distribution in a rarer way, if they are not at their defaults, by their keys.
     */
    public Map<String, Object> rules() {
        Map<String, Object> rules = new TreeMap<>(Map.of("max_length", maxLength, "min_new_tokens", minNewTokens, "min_length", minLength,
                "no_repeat_ngram_size", noRepeatNgramSize, "epsilon_cutoff", epsilonCutoff, "eta_cutoff", etaCutoff));
        rules.values().removeIf(value -> ((Number) value).doubleValue() == 0);
        if (typicalP < 1) {
            rules.put("typical_p", typicalP);
        }
        Map.of("bad_words_ids", badWordsIds, "suppress_tokens", suppressTokens, "begin_suppress_tokens", beginSuppressTokens,
                "forced_eos_token_id",
                forcedEosTokenId, "exponential_decay_length_penalty", exponentialDecayLengthPenalty).forEach((key, list) -> {
                    if (!list.isEmpty()) {
                        rules.put(key, list);
                    }
                });
        if (calculator) {
            rules.put("calculator", true);
        }
        forcedBosTokenId.ifPresent(id -> rules.put("forced_bos_token_id", id));
        return rules;
    }

    /** The number of rows that these prompts keep busy: at most {@code batch_size}, and enough for a beam search. */
    public int rows(int prompts) {
        long wanted = (long) prompts * (numBeams > 1 ? numBeams : numReturnSequences);
        return (int) Math.max(numBeams, Math.min(batchSize, wanted) / numBeams * numBeams);
    }

    /** What picks the token in the end. */
    Sampler sampler() {
        return samples() ? new Sampler.Multinomial() : new Sampler.Greedy();
    }

    private static void require(boolean allowed, String message) {
        if (!allowed) {
            throw new UserError(message);
        }
    }
}
