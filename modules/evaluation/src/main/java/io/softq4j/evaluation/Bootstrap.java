package io.softq4j.evaluation;

import io.softq4j.common.Streams;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Percentile bootstrap over items (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13): items are drawn with replacement, all
 * samples of an item together. The draws depend on the seed and the number of items alone, so two models judged on the same items are drawn alike, and
 * differences between them are paired (Koehn 2004, "Statistical significance tests for machine translation evaluation").
 */
public final class Bootstrap {

    /** Draws behind an interval. */
    public static final int DRAWS = 1000;
    /** What an interval covers. */
    public static final double COVERAGE = 0.95;
    /** How an interval is made, as tables and pages say it. */
    public static final String METHOD = "95 % by percentile bootstrap over prompts, 1,000 draws";

    private final int[][] times;

    /** @param items how many, at least 1 */
    public Bootstrap(int items, long seed) {
        times = new int[DRAWS][items];
        SplittableRandom random = Streams.of("bootstrap", seed, items);
        for (int[] draw : times) {
            for (int i = 0; i < items; i++) {
                draw[random.nextInt(items)]++;
            }
        }
    }

    /** Both ends of the interval of a statistic of a draw; null where there are fewer than two items, or any draw has no value or too many are infinite. */
    public double[] interval(ToDoubleFunction<int[]> statistic) {
        double[] values = Arrays.stream(times).mapToDouble(statistic).sorted().toArray();
        if (times[0].length < 2 || Double.isNaN(values[values.length - 1])) {
            return null;
        }
        double tail = (1 - COVERAGE) / 2;
        double[] ends = {quantile(values, tail), quantile(values, 1 - tail)};
        return Double.isNaN(ends[0]) || Double.isNaN(ends[1]) ? null : ends;    // infinite values have no number between them
    }

    /** Linear between order statistics, as NumPy's. */
    private static double quantile(double[] sorted, double p) {
        double at = p * (sorted.length - 1);
        int below = (int) Math.floor(at);
        return below + 1 == sorted.length ? sorted[below] : sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
    }
}
