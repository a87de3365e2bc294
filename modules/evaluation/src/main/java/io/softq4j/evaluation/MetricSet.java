package io.softq4j.evaluation;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A name that {@code evaluation.task} knows for several metrics.
 *
 * @param name       as it is written there
 * @param summary    what it is for, in a sentence
 * @param metrics    names of {@link Metrics} that are measured, or refused if the items do not hold what they need
 * @param ifPossible names that are measured if the items hold what they need
 */
public record MetricSet(String name, String summary, List<String> metrics, List<String> ifPossible) {

    private static final List<MetricSet> ALL = List.of(
            new MetricSet("summarization", "a summary against its references", List.of("rouge1", "rouge2", "rougeL", "rougeLsum"), List.of("length")),
            new MetricSet("translation", "a translation against its references", List.of("bleu", "chrf"), List.of("length")),
            new MetricSet("data-to-text", "a text from data, with several references each if possible", List.of("bleu", "rougeL", "chrf"),
                    List.of("coverage", "collision_ratio", "length")),
            new MetricSet("chat", "answers, with what the assistant said in the data as the reference if it did", List.of(),
                    List.of("rougeL", "chrf", "distinct", "self_bleu_prompt", "length", "ended")),
            new MetricSet("qa", "short answers, compared as SQuAD does", List.of("exact_match", "f1"), List.of("length")));

    public MetricSet {
        metrics = List.copyOf(metrics);
        ifPossible = List.copyOf(ifPossible);
    }

    /** All there are. */
    public static List<MetricSet> all() {
        return ALL;
    }

    /** The set of this name; empty if it is the name of none. */
    public static Optional<MetricSet> named(String name) {
        return ALL.stream().filter(set -> set.name().equals(name)).findFirst();
    }

    /** Names of all its metrics, in the order of a report. */
    public List<String> names() {
        return Stream.of(metrics, ifPossible).flatMap(List::stream).toList();
    }
}
