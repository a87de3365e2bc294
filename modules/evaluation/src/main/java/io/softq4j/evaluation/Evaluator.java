package io.softq4j.evaluation;

import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Judges items by metrics. */
public final class Evaluator {

    private Evaluator() {
    }

    /**
     * Judges.
     *
     * @param metrics each name once
     * @param items   at least one
     * @param sampler how the samples were drawn; null for texts from elsewhere and where nothing was sampled
     * @param seed    of the bootstrap
     * @throws UserError if there is no item, or a metric cannot judge these
     */
    public static Judgement judge(List<Metric> metrics, List<Item> items, SamplerSettings sampler, long seed) {
        return judge(metrics, items, sampler, seed, metric -> { });
    }

    /**
     * The same, for long work that is watched.
     *
     * @param judged told each metric when it has judged; what it throws ends the work
     */
    public static Judgement judge(List<Metric> metrics, List<Item> items, SamplerSettings sampler, long seed, Consumer<Metric> judged) {
        if (items.isEmpty()) {
            throw new UserError("nothing to evaluate: no prompts. Is the evaluated file empty, or the limit on prompts 0?");
        }
        check(metrics, items);
        Bootstrap bootstrap = new Bootstrap(items.size(), seed);
        List<Scores> scores = new ArrayList<>();
        List<MetricResult> results = new ArrayList<>();
        for (Metric metric : metrics) {
            results.add(MetricFault.guard(metric, items, "while it judged", () -> result(metric, items, bootstrap, scores)));
            judged.accept(metric);
        }
        return new Judgement(new EvaluationReport(null, null, sampler, Counts.of(items), results), items, metrics, scores);
    }

    private static MetricResult result(Metric metric, List<Item> items, Bootstrap bootstrap, List<Scores> scores) {
        Scores found = metric.score(items);
        double value = found.corpus();
        double[] interval = found.isResampled() && !Double.isNaN(value) ? bootstrap.interval(found::resampled) : null;
        MetricResult result = new MetricResult(metric.name(), Double.isNaN(value) ? null : value, interval == null ? null : interval[0],
                interval == null ? null : interval[1], metric.direction(), ReferencePoint.of(metric, items), metric.signature(items));
        scores.add(found);
        return result;
    }

    /**
     * Calls each metric of the user's own once, on the first item that has what it needs, with its references in place of samples: most faults show
     * before long work.
     *
     * @param items without samples
     * @throws UserError if a metric fails, naming it, its class and the prompt
     */
    public static void tryOut(List<Metric> metrics, List<Item> items) {
        metrics.stream().filter(OwnMetric.class::isInstance).forEach(metric -> MetricTrial.of(metric, items));
    }

    /** How many items are left out of which metrics for want of references; empty if all items have some, none has, or no metric compares with them. */
    public static Optional<String> withoutReferences(List<Metric> metrics, List<Item> items) {
        List<String> comparing = metrics.stream().filter(metric -> metric.needs().contains(Need.REFERENCES) && !(metric instanceof OwnMetric))
                .map(Metric::name).toList();
        long having = items.stream().filter(item -> !item.references().isEmpty()).count();
        return comparing.isEmpty() || having == 0 || having == items.size() ? Optional.empty()
                : Optional.of(having + " of " + items.size() + " prompts have references; the others are left out of: " + String.join(", ", comparing));
    }

    /**
     * Finds out whether the items hold what the metrics need.
     *
     * @throws UserError naming the metric and what is missing
     */
    public static void check(List<Metric> metrics, List<Item> items) {
        check(metrics, items, Set.of());
    }

    /**
     * The same before the items are complete.
     *
     * @param toCome what they will have: samples are drawn, likelihoods computed
     */
    public static void check(List<Metric> metrics, List<Item> items, Set<Need> toCome) {
        Set<Need> given = given(items);
        given.addAll(toCome);
        for (Metric metric : metrics) {
            for (Need need : metric.needs().stream().sorted().toList()) {
                if (!given.contains(need)) {
                    throw new UserError("metric '" + metric.name() + "' needs " + need.words() + ", and none of the " + items.size()
                            + " items has that. Leave it out of evaluation.metrics, or give what it needs.");
                }
            }
        }
    }

    /** What one of the items has, or more. */
    public static Set<Need> given(List<Item> items) {
        Set<Need> given = EnumSet.noneOf(Need.class);
        for (Item item : items) {
            if (!item.samples().isEmpty()) {
                given.add(Need.SAMPLES);
            }
            if (item.samples().size() > 1) {
                given.add(Need.SEVERAL_SAMPLES);
            }
            if (item.samples().stream().anyMatch(Sample::hasTokens)) {
                given.add(Need.TOKENS);
            }
            if (!item.references().isEmpty()) {
                given.add(Need.REFERENCES);
            }
            if (item.references().stream().distinct().count() > 1) {
                given.add(Need.SEVERAL_REFERENCES);
            }
            if (!item.likelihoods().isEmpty()) {
                given.add(Need.LIKELIHOODS);
            }
        }
        return given;
    }
}
