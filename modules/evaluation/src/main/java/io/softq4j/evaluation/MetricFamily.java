package io.softq4j.evaluation;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A name that {@code evaluation.metrics} knows, and the metrics it stands for.
 *
 * @param name    as it is written there
 * @param summary what it measures, in a sentence
 * @param source  the paper or the tool whose values it gives
 * @param options its options with their defaults, as a reader is shown them; empty where it has none
 * @param make    reads the options
 */
record MetricFamily(String name, String summary, String source, String options, Function<MetricOptions, List<Metric>> make) {

    List<Metric> with(Map<String, Object> options) {
        MetricOptions read = new MetricOptions(name, options);
        List<Metric> metrics = make.apply(read);
        read.requireKnown();
        return metrics;
    }
}
