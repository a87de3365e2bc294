package io.softq4j.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.softq4j.common.Drafts;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * How the samples were drawn.
 *
 * @param temperature       the logits are divided by it; 0 is greedy
 * @param topK              only the k likeliest tokens are drawn from; 0 is all
 * @param topP              only the likeliest tokens that together reach this probability are drawn from; 1 is all
 * @param minP              only tokens with at least this share of the likeliest one's probability are drawn from; 0 is all
 * @param repetitionPenalty makes tokens that are there already less likely; 1 is none
 * @param stopStrings       texts that end a sample, which is cut before them
 * @param maxNewTokens      longest sample; 0 where a report does not tell, as older ones did not
 * @param n                 samples a prompt
 * @param seed              of the sampler
 * @param rules             other settings that decide what is drawn and are not at their defaults, by their keys; not in a report if there are none
 */
@JsonDeserialize(builder = SamplerFields.class)
public record SamplerSettings(double temperature, int topK, double topP, double minP, double repetitionPenalty, List<String> stopStrings,
                              int maxNewTokens, int n, long seed, @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Object> rules) {

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
        if (!(minP >= 0 && minP <= 1)) {
            throw new IllegalArgumentException("min_p is " + minP + ", must be from 0 (0 is all tokens) to 1");
        }
        if (!(repetitionPenalty > 0 && Double.isFinite(repetitionPenalty))) {
            throw new IllegalArgumentException("repetition_penalty is " + repetitionPenalty + ", must be finite and above 0 (1 is none)");
        }
        if (maxNewTokens < 0) {
            throw new IllegalArgumentException("max_new_tokens is " + maxNewTokens + ", must be at least 0 (0 is not known)");
        }
        if (n < 1) {
            throw new IllegalArgumentException("n is " + n + ", must be at least 1");
        }
        stopStrings = List.copyOf(stopStrings);
        rules = Collections.unmodifiableMap(new TreeMap<>(rules));
    }

    /** The components by name, to be set; see {@link #with}. Each method is documented at the parameter of its name. */
    public interface Draft {

        Draft temperature(double value);

        Draft topK(int value);

        Draft topP(double value);

        Draft minP(double value);

        Draft repetitionPenalty(double value);

        Draft stopStrings(List<String> value);

        Draft maxNewTokens(int value);

        Draft n(int value);

        Draft seed(long value);

        Draft rules(Map<String, Object> value);
    }

    /** One sample of each prompt from the model's own distribution, of a length that is not known. */
    public static SamplerSettings defaults() {
        return Drafts.make(SamplerSettings.class, Draft.class, c -> c.temperature(1).topK(0).topP(1).minP(0).repetitionPenalty(1)
                .stopStrings(List.of()).maxNewTokens(0).n(1).seed(0).rules(Map.of()));
    }

    /** These settings with what {@code change} sets. */
    public SamplerSettings with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
    }
}
