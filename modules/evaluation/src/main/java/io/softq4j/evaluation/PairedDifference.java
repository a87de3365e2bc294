package io.softq4j.evaluation;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How far one judgement is from another by one metric, on the same items.
 *
 * <p>The interval is the percentile bootstrap of the difference with paired draws: both are valued on the same items drawn with replacement
 * (Koehn 2004, "Statistical significance tests for machine translation evaluation", section 3.3), so that an item that is hard for both adds nothing to
 * it.
 *
 * @param metric    its name in reports
 * @param direction which way is better
 * @param value     this one's less the other's; null if one of the two is not defined
 * @param low       lower end of the interval; null for a metric that has a value of the whole only, and for one item
 * @param high      upper end; null with {@code low}
 * @param better    items that are better here; without a direction those with a larger value
 * @param equal     items with the same value
 * @param worse     items that are worse here; without a direction those with a smaller value
 */
public record PairedDifference(String metric, Direction direction, Double value, Double low, Double high, int better, int equal,
        int worse) {

    /** Values closer than this, relative to the larger, are the same: sums of the same numbers in another order. */
    private static final double ROUNDING = 1e-12;

    /**
     * Compares.
     *
     * @param metric    of both
     * @param scores    of this one
     * @param other     of the other, on the same items in the same order
     * @param bootstrap of that many items
     */
    public static PairedDifference of(Metric metric, Scores scores, Scores other, Bootstrap bootstrap) {
        double value = scores.corpus() - other.corpus();
        double[] interval = scores.isResampled() && other.isResampled() && !Double.isNaN(value)
                ? bootstrap.interval(times -> scores.resampled(times) - other.resampled(times)) : null;
        int[] counts = counts(metric.direction(), scores.items(), other.items());
        return new PairedDifference(metric.name(), metric.direction(), Double.isNaN(value) ? null : value, interval == null
                ? null : interval[0],
                interval == null ? null : interval[1], counts[0], counts[1], counts[2]);
    }

    private static int[] counts(Direction direction, double[] values, double[] others) {
        int[] counts = new int[3];
        for (int i = 0; i < Math.min(values.length, others.length); i++) {
            double difference = (direction == Direction.LOWER ? -1 : 1) * (values[i] - others[i]);
            if (Double.isNaN(difference) && values[i] != others[i]) {
                continue;    // not defined for one of the two
            }
            boolean same = values[i] == others[i] || Math.abs(difference) <= ROUNDING * Math.max(Math.abs(values[i]), Math.abs(others[i]));
            counts[same ? 1 : difference > 0 ? 0 : 2]++;
        }
        return counts;
    }

    /** Whether the interval holds 0, so that the difference may be chance; false where there is no interval to tell. */
    public boolean mayBeChance() {
        return low != null && low <= 0 && high >= 0;
    }

    /**
     * All metrics of two judgements of the same items.
     *
     * @param bootstrap of that many items
     * @throws IllegalArgumentException if the two have other items, or other metrics
     */
    public static List<PairedDifference> of(Judgement judgement, Judgement other, Bootstrap bootstrap) {
        List<String> prompts = judgement.items().stream().map(Item::prompt).toList();
        List<String> signatures = judgement.metrics().stream().map(Metric::signature).toList();
        if (!prompts.equals(other.items().stream().map(Item::prompt).toList()) || !signatures.equals(other.metrics().stream()
                .map(Metric::signature).toList())) {
            throw new IllegalArgumentException("two judgements are compared on the same items by the same metrics");
        }
        return IntStream.range(0, judgement.metrics().size()).mapToObj(m -> of(judgement.metrics().get(m), judgement.scores().get(m),
                other.scores().get(m), bootstrap)).toList();
    }
}
