package io.softq4j.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * One update, as a line of {@code metrics.jsonl}. Figures are of that update alone, over all its micro-batches: sums divided by counts.
 *
 * @param step            updates made, this one included
 * @param epoch           passes over the examples
 * @param loss            nll + lambda td + zLoss
 * @param nll             mean negative log-likelihood of a scored response token, nats
 * @param td              mean squared TD residual
 * @param v0              mean value of the state that predicts the first response token
 * @param entropy         mean entropy of the next token at scored positions, nats
 * @param lambda          weight of td
 * @param gradNorm        global gradient norm before clipping
 * @param learningRate    of this update
 * @param tokens          input tokens seen since the first step, prompts included, padding not
 * @param tokensPerSecond of the updates since the line before, validations and checkpoints aside; from the clock
 * @param elapsed         seconds since this process began to train; from the clock
 * @param zLoss           the z-loss, weight included; no such key where it is 0
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonPropertyOrder({"step", "epoch", "loss", "nll", "td", "v0", "entropy", "lambda", "grad_norm", "learning_rate", "tokens", "tokens_per_second",
    "elapsed", "z_loss"})
public record StepMetrics(long step, double epoch, double loss, double nll, double td, double v0, double entropy, double lambda, double gradNorm,
                          double learningRate, long tokens, double tokensPerSecond, double elapsed,
                          @JsonInclude(JsonInclude.Include.NON_DEFAULT) double zLoss) {
}
