package io.softq4j.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.evaluation.Metric;
import io.softq4j.evaluation.Metrics;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That every metric is measured, not how long it takes. */
class MetricsMeasurementsTest {

    @Test
    void everyMetricHasARowAndTheLastIsTheirSum() {
        List<Metric> metrics = Metrics.named(MetricsMeasurements.ALL);
        List<Row> rows = MetricsMeasurements.rows(metrics, MetricsMeasurements.items(20), 1, new PrintWriter(Writer.nullWriter()));
        assertEquals(metrics.size() + 1, rows.size());
        double sum = rows.subList(0, metrics.size()).stream().mapToDouble(Row::ours).sum();
        assertEquals(sum, rows.get(metrics.size()).ours(), 1e-9);
        assertTrue(rows.stream().allMatch(row -> row.ours() > 0), rows.toString());
    }
}
