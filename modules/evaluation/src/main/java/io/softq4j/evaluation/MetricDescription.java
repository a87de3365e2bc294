package io.softq4j.evaluation;

import java.util.List;

/**
 * A name that {@code evaluation.metrics} knows, for people who choose.
 *
 * @param name    as it is written there
 * @param summary what it measures, in a sentence
 * @param source  the paper or the tool whose values it gives; empty for what needs none
 * @param options its options with their defaults; empty where it has none
 * @param metrics those it stands for without options; empty if it needs an option
 */
public record MetricDescription(String name, String summary, String source, String options, List<Metric> metrics) {

    public MetricDescription {
        metrics = List.copyOf(metrics);
    }
}
