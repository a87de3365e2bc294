package io.softq4j.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleBiFunction;

/**
 * Percentile bootstrap over training seeds (Efron 1979): draw as many seeds as were run, with replacement, compute the statistic from the means over
 * the drawn, repeat, take quantiles.
 *
 * <p>Two groups that ran the same seeds are drawn together, so that what a seed does to both cancels. With three seeds there are only ten different
 * draws: read the interval as the range the seeds allow, not as 95% coverage.
 */
final class SeedBootstrap {

    private static final int DRAWS = 2000;
    private static final double TAIL = 0.025;

    private SeedBootstrap() {
    }

    /**
     * The statistic of two groups' curves, with its interval; null where it is not defined (NaN) on all seeds. The interval is left out where a group
     * has one seed, or where the statistic is undefined in more than half of the draws.
     */
    static Interval interval(SeedTable group, SeedTable baseline, ToDoubleBiFunction<FrontierCurve, FrontierCurve> statistic, long seed) {
        double value = statistic.applyAsDouble(group.curve(), baseline.curve());
        if (Double.isNaN(value)) {
            return null;
        }
        List<Long> seeds = group.seeds();
        List<Long> baselineSeeds = baseline.seeds();
        if (seeds.size() < 2 || baselineSeeds.size() < 2) {
            return new Interval(value, null, null);
        }
        Random random = new Random(seed);
        double[] uniform = new double[Math.max(seeds.size(), baselineSeeds.size())];
        double[] values = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            Arrays.setAll(uniform, i -> random.nextDouble());
            values[draw] = statistic.applyAsDouble(group.curve(drawn(seeds, uniform)), baseline.curve(drawn(baselineSeeds, uniform)));
        }
        double[] defined = Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
        return defined.length * 2 < DRAWS ? new Interval(value, null, null)
                : new Interval(value, quantile(defined, TAIL), quantile(defined, 1 - TAIL));
    }

    /** Equal lists give equal draws for equal numbers: that is what pairs two groups. */
    private static List<Long> drawn(List<Long> seeds, double[] uniform) {
        return Arrays.stream(uniform, 0, seeds.size()).mapToObj(u -> seeds.get((int) (u * seeds.size()))).sorted().toList();
    }

    /** Linear between order statistics (R's type 7). */
    static double quantile(double[] sorted, double p) {
        double position = p * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
