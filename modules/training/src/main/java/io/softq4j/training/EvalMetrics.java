package io.softq4j.training;

import com.fasterxml.jackson.annotation.JsonValue;
import io.softq4j.objective.Figures;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The validation loss, as a line of {@code metrics.jsonl}: means over all validation examples.
 *
 * @param step    updates made before
 * @param epoch   passes over the training examples
 * @param figures the loss and what the objective tells of it, with the weights of the last update
 */
public record EvalMetrics(long step, double epoch, Figures figures) {

    private static final String PREFIX = "eval_";

    /** The validation loss. */
    public double loss() {
        return figures.loss();
    }

    /** The line, by key: {@code eval_} and the figure's name. */
    @JsonValue
    public Map<String, Number> keys() {
        Map<String, Number> keys = new LinkedHashMap<>();
        keys.put("step", step);
        keys.put("epoch", epoch);
        keys.putAll(figures.keys(PREFIX));
        keys.putAll(figures.extraKeys(PREFIX));
        return keys;
    }
}
