package io.softq4j.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a {@link Metric} finds: a value for the corpus, and where it has such, values of items and of samples. NaN stands for a value that is not
 * defined, such as that of an item without references.
 */
public interface Scores {

    /** The value of all items together. */
    double corpus();

    /** Values of the items, in their order; empty for a metric that has a value of the whole only. */
    double[] items();

    /** Values of the samples, [items][samples]; empty for a metric that has none. */
    double[][] samples();

    /** Whether {@link #resampled} is defined, so that there is an interval. */
    boolean isResampled();

    /**
     * The value of the corpus in which item i stands {@code times[i]} times: one draw of the bootstrap.
     *
     * @throws UnsupportedOperationException for a metric that has a value of the whole only
     */
    double resampled(int[] times);

    /** Values of samples; an item's is their mean, the corpus's the mean over items that have one. */
    static Scores means(List<double[]> samples) {
        double[] items = samples.stream().mapToDouble(values -> mean(values)).toArray();
        return new SummedScores(items, samples.toArray(double[][]::new), statistics(items), Scores::ratio);
    }

    /** Values of items; the corpus's is the mean over those that have one. */
    static Scores meansOfItems(double[] items) {
        return new SummedScores(items.clone(), new double[0][], statistics(items), Scores::ratio);
    }

    /**
     * Statistics that add up, as the counts of BLEU do.
     *
     * @param statistics [items][samples][numbers]; an item without samples adds nothing, nor does a sample without numbers
     * @param value      of a sum of statistics; NaN where it has none
     */
    static Scores sums(List<double[][]> statistics, ToDoubleFunction<double[]> value) {
        return sums(statistics, value, value);
    }

    /**
     * The same where a sample and an item have their value by another function, as BLEU of a sentence leaves out orders that it is too short for.
     *
     * @param ofFew of the statistics of a sample or of an item
     */
    static Scores sums(List<double[][]> statistics, ToDoubleFunction<double[]> value, ToDoubleFunction<double[]> ofFew) {
        ToDoubleFunction<double[]> known = row -> row.length == 0 ? Double.NaN : ofFew.applyAsDouble(row);
        double[][] samples = statistics.stream().map(item -> Arrays.stream(item).mapToDouble(known).toArray()).toArray(double[][]::new);
        double[][] items = statistics.stream().map(Scores::sum).toArray(double[][]::new);
        return new SummedScores(Arrays.stream(items).mapToDouble(known).toArray(), samples, items, value);
    }

    /**
     * Statistics of items that add up, of which samples have none, as the likelihood of references.
     *
     * @param statistics [items][numbers]; an empty row where an item adds nothing
     * @param value      of a sum of statistics; NaN where it has none
     */
    static Scores sumsOfItems(double[][] statistics, ToDoubleFunction<double[]> value) {
        return new SummedScores(Arrays.stream(statistics).mapToDouble(row -> row.length == 0 ? Double.NaN : value.applyAsDouble(row)).toArray(),
                new double[0][], statistics, value);
    }

    /** A value of the whole, as of the compression ratio, which no item has. */
    static Scores ofCorpus(double value) {
        return new SummedScores(new double[0], new double[0][], null, sum -> value);
    }

    /** The same value of the whole with values of items beside it, of which it is no mean. */
    static Scores ofCorpus(double value, double[] items) {
        return new SummedScores(items.clone(), new double[0][], null, sum -> value);
    }

    private static double[] sum(double[][] samples) {
        double[] sum = samples.length == 0 ? new double[0] : samples[0].clone();
        for (int s = 1; s < samples.length; s++) {
            for (int k = 0; k < sum.length; k++) {
                sum[k] += samples[s][k];
            }
        }
        return sum;
    }

    private static double[][] statistics(double[] items) {
        return Arrays.stream(items).mapToObj(value -> Double.isNaN(value) ? new double[0] : new double[] {value, 1}).toArray(double[][]::new);
    }

    private static double ratio(double[] sum) {
        return sum[0] / sum[1];
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value)).average().orElse(Double.NaN);
    }
}
