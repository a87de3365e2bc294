package io.softq4j.evaluation;

import java.util.Arrays;

/**
 * A mean over training seeds with its 95 % interval by Student's t (1908): mean +- t s / root n with n - 1 degrees of freedom, the deviation s of the
 * values themselves. It takes the values to be normally distributed; over two or three seeds, where t is 12.7 and 4.3, it is wide, as it must be.
 *
 * @param value mean over the seeds
 * @param low   lower end; null for one seed, which tells nothing about its error
 * @param high  upper end; null with {@code low}
 * @param seeds number of them, at least 1
 */
public record Interval(double value, Double low, Double high, int seeds) {

    private static final double COVERAGE = 0.95;

    public Interval {
        if ((low == null) != (high == null)) {
            throw new IllegalArgumentException("an interval has both ends or neither: " + low + ", " + high);
        }
    }

    /** Of one value for each seed. NaN, where a value is not defined, is left out; null if nothing is left. */
    static Interval of(double... values) {
        Estimate estimate = Estimate.of(Arrays.stream(values).filter(value -> !Double.isNaN(value)).boxed().toList());
        if (estimate.n() == 0) {
            return null;
        }
        if (estimate.standardError() == null) {
            return new Interval(estimate.mean(), null, null, 1);
        }
        double half = StudentT.twoSided(COVERAGE, estimate.n() - 1) * estimate.standardError();
        return new Interval(estimate.mean(), estimate.mean() - half, estimate.mean() + half, estimate.n());
    }
}
