package io.softq4j.training.run;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

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
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonPropertyOrder({"global_step", "epoch", "seed", "config_hash", "examples", "tokens", "metrics_lines"})
public record TrainerState(long globalStep, double epoch, long seed, String configHash, long examples, long tokens, long metricsLines) {
}
