package io.softq4j.evaluation;

import java.util.List;

/**
 * Items with what every metric says of them.
 *
 * @param report  for the set as a whole
 * @param items   in the order of the scores
 * @param metrics in the order of the report
 * @param scores  of each metric
 */
public record Judgement(EvaluationReport report, List<Item> items, List<Metric> metrics, List<Scores> scores) {

    public Judgement {
        items = List.copyOf(items);
        metrics = List.copyOf(metrics);
        scores = List.copyOf(scores);
    }

    /** The same with another report, which says more about where the items are from. */
    public Judgement with(EvaluationReport other) {
        return new Judgement(other, items, metrics, scores);
    }
}
