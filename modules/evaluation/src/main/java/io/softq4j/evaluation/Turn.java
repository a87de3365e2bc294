package io.softq4j.evaluation;

import java.util.Locale;
import java.util.Set;

/**
 * How the values of a metric are turned into an axis of a {@link Frontier}, on which more is better and nothing is 0. Each is a monotone function, but
 * for {@link #CALIBRATED}, which has a best value.
 */
public enum Turn {
    /** The value itself. */
    AS_IS("%s"),
    /** A share of 0 to 1, in per cent. */
    PERCENT("%s, %%"),
    /** A measure of likeness from 0 to 100, such as Self-BLEU, turned round. */
    FROM_100("100 - %s"),
    /** Any other measure of which less is better, x, as 1 / (1 + x). Below 0, where no measure that ships is, 1 - x goes on from it. */
    RECIPROCAL("1 / (1 + %s)"),
    /**
     * A ratio to the same measure of the data, such as the collision ratio R, as min(R, 1/R): 1 when calibrated, less for more alike and for more
     * different than the data, 0 where one of the two is nothing. It is exp(-|log R|), so that R = 0 has a place too.
     */
    CALIBRATED("calibration, min(R, 1/R) of %s");

    private static final Set<String> LIKENESS = Set.of("self_bleu", "self_bleu_prompt");
    private static final Set<String> SHARES = Set.of("accuracy");

    private final String label;

    Turn(String label) {
        this.label = label;
    }

    /** How a metric becomes an axis; null for one that describes and has no better, such as length. */
    public static Turn of(Metric metric) {
        if (metric instanceof CalibrationMetrics.CollisionRatio) {
            return CALIBRATED;
        }
        return switch (metric.direction()) {
            case HIGHER -> SHARES.contains(metric.name()) || metric.name().startsWith("pass@") ? PERCENT : AS_IS;
            case LOWER -> LIKENESS.contains(metric.name()) ? FROM_100 : RECIPROCAL;
            case NEITHER -> null;
        };
    }

    /** The place of a value on the axis; NaN of NaN. */
    public double of(double value) {
        return switch (this) {
            case AS_IS -> value;
            case PERCENT -> 100 * value;
            case FROM_100 -> 100 - value;
            case RECIPROCAL -> value < 0 ? 1 - value : 1 / (1 + value);
            case CALIBRATED -> value <= 1 ? value : 1 / value;
        };
    }

    /** What stands at the axis of a metric, without its direction. */
    String label(String metric) {
        return String.format(Locale.ROOT, label, metric);
    }
}
