package io.softq4j.evaluation;

/**
 * One metric in a report.
 *
 * @param name       {@link Metric#name}
 * @param value      of all items together; null where it is not defined
 * @param low        lower end of the interval of {@link Bootstrap}; null for metrics that have a value of the whole only, and for one item
 * @param high       upper end; null with {@code low}
 * @param direction  which way is better
 * @param references the same measure of the references in place of the samples ({@link ReferencePoint}); null where there is none
 * @param signature  {@link Metric#signature}
 */
public record MetricResult(String name, Double value, Double low, Double high, Direction direction, Double references, String signature) {

    public MetricResult {
        if ((low == null) != (high == null)) {
            throw new IllegalArgumentException("an interval has both ends or neither: " + low + ", " + high);
        }
    }
}
