package io.softq4j.workflow;

import io.softq4j.evaluation.Item;
import io.softq4j.evaluation.Metric;
import io.softq4j.evaluation.MetricSet;
import io.softq4j.evaluation.Metrics;
import io.softq4j.evaluation.Need;
import io.softq4j.evaluation.Task;
import io.softq4j.evaluation.TaskMetrics;
import io.softq4j.evaluation.Tasks;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the section {@code evaluation} asks to be measured: what the task brings, the metrics named, and where none are named how different the samples
 * are.
 *
 * @param task       what tells right from wrong; empty if nothing does, or the task is a set of metrics
 * @param required   metrics that are measured, or refused if the items do not hold what they need
 * @param ifPossible metrics that are measured if they do
 */
record MeasuredMetrics(Optional<Task> task, List<Metric> required, List<Metric> ifPossible) {

    private static final Logger LOG = LoggerFactory.getLogger(MeasuredMetrics.class);

    /** @param samples of each prompt, which the k of pass@k is clipped to; 0 for none */
    static MeasuredMetrics of(EvaluationConfig evaluation, int samples) {
        Optional<MetricSet> set = Optional.ofNullable(evaluation.task()).flatMap(MetricSet::named);
        Optional<Task> task = set.isPresent() ? Optional.empty() : Optional.ofNullable(evaluation.task()).map(Tasks::named);
        List<Metric> required = new ArrayList<>();
        task.ifPresent(judge -> required.addAll(TaskMetrics.of(judge, evaluation.ks(samples))));
        set.ifPresent(names -> required.addAll(Metrics.named(names.metrics())));
        required.addAll(TaskMetrics.clipped(Metrics.named(evaluation.metrics()), samples));
        List<Metric> ifPossible = new ArrayList<>();
        set.ifPresent(names -> ifPossible.addAll(Metrics.named(names.ifPossible().stream().filter(Metrics::knows).toList())));
        if (evaluation.metrics().isEmpty()) {
            ifPossible.addAll(Metrics.ofDiversity(samples));
        }
        return new MeasuredMetrics(task, byName(required), byName(ifPossible));
    }

    private static List<Metric> byName(List<Metric> metrics) {
        Map<String, Metric> byName = new LinkedHashMap<>();
        metrics.forEach(metric -> byName.put(metric.name(), metric));
        return List.copyOf(byName.values());
    }

    /** All of them, each name once. */
    List<Metric> all() {
        return byName(Stream.of(required, ifPossible).flatMap(List::stream).toList());
    }

    /**
     * The metrics for these items, each name once.
     *
     * @param given  what the items have
     * @param toCome what they will have
     */
    List<Metric> measurable(Set<Need> given, Set<Need> toCome) {
        Set<Need> has = EnumSet.noneOf(Need.class);
        has.addAll(given);
        has.addAll(toCome);
        List<Metric> metrics = new ArrayList<>(required);
        List<String> left = new ArrayList<>();
        for (Metric metric : ifPossible) {
            if (!has.containsAll(metric.needs())) {
                left.add(metric.name() + " (" + metric.needs().stream().filter(need -> !has.contains(need)).sorted().findFirst().orElseThrow().words() + ")");
            } else if (required.stream().noneMatch(other -> other.name().equals(metric.name()))) {
                metrics.add(metric);
            }
        }
        if (!left.isEmpty()) {
            LOG.info("not measured, for want of what stands in brackets: {}", String.join(", ", left));
        }
        return metrics;
    }

    /** Whether any of these looks at samples. */
    static boolean needSamples(List<Metric> metrics) {
        return metrics.stream().anyMatch(metric -> !metric.needs().contains(Need.LIKELIHOODS)
                || metric.needs().contains(Need.SAMPLES) || metric.needs().contains(Need.SEVERAL_SAMPLES) || metric.needs().contains(Need.TOKENS));
    }

    /** Whether any of these asks the model for the probability of references. */
    static boolean needLikelihoods(List<Metric> metrics) {
        return metrics.stream().anyMatch(metric -> metric.needs().contains(Need.LIKELIHOODS));
    }

    /** What the items will have once a model was sampled and asked. @param samples of each prompt */
    static Set<Need> toCome(int samples, List<Item> items) {
        Set<Need> toCome = EnumSet.of(Need.SAMPLES, Need.TOKENS);
        if (samples > 1) {
            toCome.add(Need.SEVERAL_SAMPLES);
        }
        if (items.stream().anyMatch(item -> !item.references().isEmpty())) {
            toCome.add(Need.LIKELIHOODS);
        }
        return toCome;
    }
}
