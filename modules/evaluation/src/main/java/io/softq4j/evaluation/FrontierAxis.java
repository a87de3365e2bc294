package io.softq4j.evaluation;

import java.util.Objects;

/**
 * An axis of a {@link Frontier}: a metric, turned so that more is better.
 *
 * @param metric     its name in reports
 * @param turn       what was made of its values
 * @param label      what stands at the axis and above tables, such as {@code accuracy, %} or {@code 100 - self_bleu_prompt}
 * @param references the place of the references themselves ({@link ReferencePoint}); null where they have none
 */
public record FrontierAxis(String metric, Turn turn, String label, Double references) {

    public FrontierAxis {
        Objects.requireNonNull(metric, "metric");
        Objects.requireNonNull(turn, "turn");
        Objects.requireNonNull(label, "label");
    }

    /** Numbers of which more is better, as they are. */
    public static FrontierAxis of(String name) {
        return new FrontierAxis(name, Turn.AS_IS, name, null);
    }

    /** @param turn what is made of its values */
    public static FrontierAxis of(String metric, Turn turn) {
        return new FrontierAxis(metric, turn, turn.label(metric), turn == Turn.CALIBRATED ? 1.0 : null);
    }

    /**
     * The same with the references' place.
     *
     * @param value what the metric gives for the references; null where that is not defined. Data are calibrated to themselves, whatever is given
     */
    public FrontierAxis withReferences(Double value) {
        if (turn == Turn.CALIBRATED || value == null) {
            return this;
        }
        return new FrontierAxis(metric, turn, label, turn.of(value));
    }
}
