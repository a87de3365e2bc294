package io.softq4j.evaluation;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Scores by statistics that add up.
 *
 * @param items      values of the items
 * @param samples    values of the samples, [items][samples]
 * @param statistics of the items, [items][numbers], an empty row where an item adds nothing; null where only the whole has a value
 * @param value      of a sum of statistics
 */
record SummedScores(double[] items, double[][] samples, double[][] statistics, ToDoubleFunction<double[]> value) implements Scores {

    @Override
    public boolean isResampled() {
        return statistics != null;
    }

    @Override
    public double corpus() {
        if (statistics == null) {
            return value.applyAsDouble(new double[0]);
        }
        int[] once = new int[statistics.length];
        Arrays.fill(once, 1);
        return resampled(once);
    }

    @Override
    public double resampled(int[] times) {
        if (statistics == null) {
            throw new UnsupportedOperationException("a value of the whole, which cannot be put together from its items");
        }
        double[] sum = null;
        for (int i = 0; i < statistics.length; i++) {
            double[] row = statistics[i];
            if (row.length == 0 || times[i] == 0) {
                continue;
            }
            sum = sum == null ? new double[row.length] : sum;
            for (int k = 0; k < row.length; k++) {
                sum[k] += times[i] * row[k];
            }
        }
        return sum == null ? Double.NaN : value.applyAsDouble(sum);
    }
}
