package io.softq4j.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How different the samples are. No single figure says it: word overlap, repetition and the model's own uncertainty differ, and all of them depend on
 * length. Null where a measure is not defined, such as Self-BLEU of one sample.
 *
 * @param selfBleuSet      {@link SelfBleu#ofSet} over all samples, orders 1 to 3; 0 to 100, high is little diversity
 * @param selfBleuPrompt   {@link SelfBleu#ofPrompts}; 0 to 100, high is little diversity
 * @param distinct1        {@link DistinctN} of all samples
 * @param distinct2        the same of pairs of words
 * @param distinct3        the same of triples
 * @param entropy          mean over sampled tokens of the entropy of the model's own distribution, nats
 * @param compressionRatio {@link CompressionRatio} of all samples, high is repetitive
 */
public record Diversity(
        Double selfBleuSet,
        Double selfBleuPrompt,
        @JsonProperty("distinct_1") Double distinct1,
        @JsonProperty("distinct_2") Double distinct2,
        @JsonProperty("distinct_3") Double distinct3,
        Double entropy,
        Double compressionRatio) {

    /** Measures the samples. */
    static Diversity of(List<PromptSamples> prompts) {
        List<List<String>> byPrompt = prompts.stream().map(PromptSamples::texts).toList();
        List<String> all = byPrompt.stream().flatMap(List::stream).toList();
        return new Diversity(
                orNull(SelfBleu.ofSet(all, SelfBleu.SET_ORDER)),
                orNull(SelfBleu.ofPrompts(byPrompt)),
                orNull(DistinctN.of(all, 1)),
                orNull(DistinctN.of(all, 2)),
                orNull(DistinctN.of(all, 3)),
                entropy(prompts),
                orNull(CompressionRatio.of(all)));
    }

    /** A mean over tokens, so that a long sample weighs as many times as it has tokens. */
    private static Double entropy(List<PromptSamples> prompts) {
        double sum = 0;
        long tokens = 0;
        for (PromptSamples prompt : prompts) {
            for (Sample sample : prompt.samples()) {
                sum += sample.entropy() * sample.tokens();
                tokens += sample.tokens();
            }
        }
        return tokens == 0 ? null : sum / tokens;
    }

    private static Double orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
