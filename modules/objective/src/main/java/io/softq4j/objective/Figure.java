package io.softq4j.objective;

/**
 * A figure is a named sum over a batch with its denominator, so that the figures of several batches can be added.
 *
 * @param name   its key in {@code metrics.jsonl}, in snake_case; that of a validation has {@code eval_} before it
 * @param role   where it is told
 * @param sum    over what {@code count} counts; the value itself of a setting
 * @param count  the denominator, such as N; 0 if nothing was scored
 * @param weight of the mean in the loss; 0 if it is no part of the loss
 */
public record Figure(String name, Role role, double sum, long count, double weight) {

    /** Where a figure is told; each is a key in {@code metrics.jsonl}. */
    public enum Role {
        /** A part of the loss: told with each loss. */
        TERM,
        /** A part of the loss that most runs do without: a key that stands last, and only if it is not 0. */
        EXTRA,
        /** No part of the loss, but told of the last update when the run ends. */
        RESULT,
        /** No part of the loss, and a key only. */
        RECORD,
        /** A number that the loss depends on in this step, not a mean: told with each loss of training. */
        SETTING
    }

    public Figure {
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("a figure is called '" + name + "'; names are keys in metrics.jsonl, such as label_smoothing");
        }
        if (count < 0) {
            throw new IllegalArgumentException(name + ": negative count " + count);
        }
    }

    /** Sum over count, or the setting; 0 if nothing was scored. */
    public double value() {
        return role == Role.SETTING ? sum : count == 0 ? 0 : sum / count;
    }

    /** Of both batches together. */
    Figure plus(Figure other) {
        boolean setting = role == Role.SETTING;
        if (!name.equals(other.name) || role != other.role || weight != other.weight || setting && sum != other.sum) {
            throw new IllegalArgumentException("the figures of two batches of one step differ: " + this + " and " + other);
        }
        return setting ? this : new Figure(name, role, sum + other.sum, count + other.count, weight);
    }
}
