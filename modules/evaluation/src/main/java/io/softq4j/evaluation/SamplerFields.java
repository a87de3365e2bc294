package io.softq4j.evaluation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/** {@link SamplerSettings} as they are read: what reports did not always have may be missing, and then was off. */
final class SamplerFields {

    private final double temperature;
    private final int topK;
    private final double topP;
    private final int n;
    private final long seed;
    @JsonProperty("min_p")
    private double minP;
    @JsonProperty("repetition_penalty")
    private double repetitionPenalty = 1;
    @JsonProperty("stop_strings")
    private List<String> stopStrings = List.of();
    @JsonProperty("max_new_tokens")
    private int maxNewTokens;
    @JsonProperty("rules")
    private Map<String, Object> rules = Map.of();

    @JsonCreator
    SamplerFields(@JsonProperty("temperature") double temperature, @JsonProperty("top_k") int topK, @JsonProperty("top_p") double topP,
            @JsonProperty("n") int n, @JsonProperty("seed") long seed) {
        this.temperature = temperature;
        this.topK = topK;
        this.topP = topP;
        this.n = n;
        this.seed = seed;
    }

    /** Called by Jackson. */
    SamplerSettings build() {
        return SamplerSettings.defaults().with(c -> c.temperature(temperature).topK(topK).topP(topP).minP(minP)
                .repetitionPenalty(repetitionPenalty).stopStrings(stopStrings).maxNewTokens(maxNewTokens).n(n).seed(seed).rules(rules));
    }
}
