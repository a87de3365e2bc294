package io.softq4j.evaluation;

import java.util.Collection;

/**
 * A mean over seeds.
 *
 * @param mean          arithmetic mean
 * @param standardError sample standard deviation (n - 1 in the denominator) over the square root of n; null for one seed, which tells nothing about
 *                      its error
 * @param n             number of seeds
 */
public record Estimate(double mean, Double standardError, int n) {

    /** The mean of at least one value. */
    static Estimate of(Collection<Double> values) {
        int n = values.size();
        double mean = values.stream().mapToDouble(Double::doubleValue).sum() / n;
        if (n == 1) {
            return new Estimate(mean, null, 1);
        }
        double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
        return new Estimate(mean, Math.sqrt(squares / (n - 1) / n), n);
    }
}
