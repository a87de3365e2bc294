package io.softq4j.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One call of a metric of the user's before long work, on an item whose references stand for samples. */
final class MetricTrial {

    private MetricTrial() {
    }

    static void of(Metric metric, List<Item> items) {
        item(metric.needs(), items).map(List::of).ifPresent(tried -> MetricFault.guard(metric, tried,
                "when it was tried before anything is sampled, with references in place of samples, on", () -> {
                    Scores scores = metric.score(tried);
                    metric.signature(tried);
                    return scores.isResampled() ? scores.resampled(new int[] {1}) : scores.corpus();
                }));
    }

    /** The first that has the references it needs; empty if none has. */
    private static Optional<Item> item(Set<Need> needs, List<Item> items) {
        int least = needs.contains(Need.SEVERAL_REFERENCES) ? 2 : needs.contains(Need.REFERENCES) || needs.contains(Need.LIKELIHOODS) ? 1 : 0;
        return items.stream().filter(item -> item.references().stream().distinct().count() >= least).findFirst().map(item -> complete(item, needs));
    }

    private static Item complete(Item item, Set<Need> needs) {
        List<String> texts = new ArrayList<>(item.references().isEmpty() ? List.of("") : item.references());
        if (needs.contains(Need.SEVERAL_SAMPLES) && texts.size() < 2) {
            texts.add(texts.get(0));
        }
        List<Likelihood> likelihoods = needs.contains(Need.LIKELIHOODS) ? item.references().stream().map(text -> new Likelihood(1, 1, 1, 1)).toList()
                : item.likelihoods();
        return new Item(item.prompt(), item.references(), item.records(), texts.stream().map(text -> new Sample(text, 1, true, 0)).toList(), likelihoods);
    }
}
