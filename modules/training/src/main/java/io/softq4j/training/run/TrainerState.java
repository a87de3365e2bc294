package io.softq4j.training.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a run stands, as {@code trainer_state.json}: with parameters and moments, all that its continuation depends on.
 *
 * @param globalStep updates made
 * @param epoch      passes over the examples
 * @param seed       of the order of the examples
 * @param configHash sha256 of all that must be the same when the run is resumed: what is fixed in its {@link RunRecord}
 * @param examples   number of training examples
 * @param tokens     input tokens seen
 * @param metricsLines lines of {@code metrics.jsonl}; older states have none
 * @param playerSteps updates of each further {@link Player} by name; no such key if there is none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonPropertyOrder({"global_step", "epoch", "seed", "config_hash", "examples", "tokens", "metrics_lines", "player_steps"})
public record TrainerState(long globalStep, double epoch, long seed, String configHash, long examples, long tokens, long metricsLines,
                           @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Long> playerSteps) {

    public TrainerState {
        playerSteps = playerSteps == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(playerSteps));
    }

    /** Of one player alone. */
    public TrainerState(long globalStep, double epoch, long seed, String configHash, long examples, long tokens, long metricsLines) {
        this(globalStep, epoch, seed, configHash, examples, tokens, metricsLines, Map.of());
    }

    TrainerState withPlayerSteps(Map<String, Long> steps) {
        return new TrainerState(globalStep, epoch, seed, configHash, examples, tokens, metricsLines, steps);
    }
}
