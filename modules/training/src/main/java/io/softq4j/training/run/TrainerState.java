package io.softq4j.training.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Where a run stands, as {@code trainer_state.json}: with parameters and moments, all that its continuation depends on. The last seven are
 * there only if the run remembers its best evaluation, and null otherwise.
 *
 * @param globalStep updates made
 * @param epoch      passes over the examples
 * @param seed       of the order of the examples
 * @param configHash sha256 of all that must be the same when the run is resumed: what is fixed in its {@link RunRecord}
 * @param examples   number of training examples
 * @param tokens     input tokens seen
 * @param metricsLines lines of {@code metrics.jsonl}; older states have none
 * @param playerSteps updates of each further {@link Player} by name; no such key if there is none
 * @param metricForBestModel           the metric's key in {@code metrics.jsonl}
 * @param greaterIsBetter              of the metric
 * @param bestMetric                   its best value; null before the first
 * @param bestGlobalStep               updates made before the best evaluation; null before the first
 * @param bestModelCheckpoint          name of the checkpoint of that step in the run's directory; null if it was not saved
 * @param earlyStoppingPatienceCounter evaluations in turn that were not better
 * @param evaluatedStep                updates made before the last evaluation that is counted here
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"global_step", "epoch", "seed", "config_hash", "examples", "tokens", "metrics_lines", "player_steps",
        "metric_for_best_model",
        "greater_is_better", "best_metric", "best_global_step", "best_model_checkpoint", "early_stopping_patience_counter",
        "evaluated_step"})
public record TrainerState(long globalStep, double epoch, long seed, String configHash, long examples, long tokens, long metricsLines,
                           @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Long> playerSteps, String metricForBestModel,
                           Boolean greaterIsBetter,
                           Double bestMetric, Long bestGlobalStep, String bestModelCheckpoint, Integer earlyStoppingPatienceCounter,
                           Long evaluatedStep) {

    public TrainerState {
        playerSteps = playerSteps == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(playerSteps));
    }

    /** Of one player alone, in a run that does not remember its best evaluation. */
    public TrainerState(long globalStep, double epoch, long seed, String configHash, long examples, long tokens, long metricsLines) {
        this(globalStep, epoch, seed, configHash, examples, tokens, metricsLines, Map.of(), null, null, null, null, null, null, null);
    }

    TrainerState withPlayerSteps(Map<String, Long> steps) {
        return new TrainerState(globalStep, epoch, seed, configHash, examples, tokens, metricsLines, steps, metricForBestModel,
                greaterIsBetter, bestMetric,
                bestGlobalStep, bestModelCheckpoint, earlyStoppingPatienceCounter, evaluatedStep);
    }

    /** The same with the best evaluation so far. @param checkpoint name of the checkpoint of that evaluation; null without one */
    public TrainerState withBest(BestModel best, String checkpoint) {
        return new TrainerState(globalStep, epoch, seed, configHash, examples, tokens, metricsLines, playerSteps, best.metric(),
                best.greaterIsBetter(),
                best.value().isPresent() ? (Double) best.value().getAsDouble() : null, best.step().isPresent()
                ? (Long) best.step().getAsLong() : null,
                checkpoint, best.notBetter(), best.evaluated());
    }

    /** The best evaluation so far; empty if the run does not remember it. */
    public Optional<BestModel> best() {
        return metricForBestModel == null ? Optional.empty() : Optional.of(new BestModel(metricForBestModel, greaterIsBetter,
                bestMetric == null ? OptionalDouble.empty() : OptionalDouble.of(bestMetric),
                bestGlobalStep == null ? OptionalLong.empty() : OptionalLong.of(bestGlobalStep), earlyStoppingPatienceCounter,
                evaluatedStep));
    }
}
