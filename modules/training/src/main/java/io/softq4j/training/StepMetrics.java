package io.softq4j.training;

import com.fasterxml.jackson.annotation.JsonValue;
import io.softq4j.objective.Figures;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One update, as a line of {@code metrics.jsonl}. Figures are of that update alone, over all its micro-batches: sums divided by counts.
 *
 * @param step            updates made, this one included
 * @param epoch           passes over the examples
 * @param figures         the loss and what the objective tells of it, by the objective's names
 * @param gradNorm        global gradient norm before clipping
 * @param learningRate    of this update
 * @param tokens          input tokens seen since the first step, prompts included, padding not
 * @param tokensPerSecond of the updates since the line before, validations and checkpoints aside; from the clock
 * @param elapsed         seconds since this process began to train; from the clock
 */
public record StepMetrics(long step, double epoch, Figures figures, double gradNorm, double learningRate, long tokens, double tokensPerSecond,
                          double elapsed) {

    /** The loss of the update. */
    public double loss() {
        return figures.loss();
    }

    /** The line, by key. */
    @JsonValue
    public Map<String, Number> keys() {
        Map<String, Number> keys = new LinkedHashMap<>();
        keys.put("step", step);
        keys.put("epoch", epoch);
        keys.putAll(figures.keys(""));
        keys.put("grad_norm", gradNorm);
        keys.put("learning_rate", learningRate);
        keys.put("tokens", tokens);
        keys.put("tokens_per_second", tokensPerSecond);
        keys.put("elapsed", elapsed);
        keys.putAll(figures.extraKeys(""));
        return keys;
    }
}
