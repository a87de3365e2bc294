package io.softq4j.evaluation;

/**
 * A value with a 95% bootstrap interval over seeds.
 *
 * @param value computed from all seeds
 * @param low   2.5% quantile over resampled seeds; null where fewer than two seeds were run
 * @param high  97.5% quantile; null with {@code low}
 */
public record Interval(double value, Double low, Double high) {

    public Interval {
        if ((low == null) != (high == null)) {
            throw new IllegalArgumentException("an interval has both ends or neither: " + low + ", " + high);
        }
    }
}
