package io.softq4j.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * The validation loss, as a line of {@code metrics.jsonl}: means over all validation examples.
 *
 * @param step        updates made before
 * @param epoch       passes over the training examples
 * @param evalLoss    evalNll + lambda evalTd + evalZLoss
 * @param evalNll     mean negative log-likelihood of a scored response token, nats
 * @param evalTd      mean squared TD residual
 * @param evalV0      mean value of the state that predicts the first response token
 * @param evalEntropy mean entropy of the next token at scored positions, nats
 * @param lambda      weight of evalTd, that of the last update
 * @param evalZLoss   the z-loss, weight included; no such key where it is 0
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonPropertyOrder({"step", "epoch", "eval_loss", "eval_nll", "eval_td", "eval_v0", "eval_entropy", "lambda", "eval_z_loss"})
public record EvalMetrics(long step, double epoch, double evalLoss, double evalNll, double evalTd, double evalV0, double evalEntropy, double lambda,
                          @JsonProperty("eval_z_loss") @JsonInclude(JsonInclude.Include.NON_DEFAULT) double evalZLoss) {
}
