package io.softq4j.evaluation;

import java.util.List;
import java.util.Set;

/** A metric that gives each sample a value of its own; the value of an item is the mean over its samples, that of the corpus the mean over items. */
public interface SampleMetric extends Metric {

    @Override
    default Direction direction() {
        return Direction.HIGHER;
    }

    @Override
    default Set<Need> needs() {
        return Set.of(Need.SAMPLES);
    }

    /**
     * The value of one sample.
     *
     * @param item with its references and the fields of its records
     * @param text what was written
     * @return NaN where it has none, which leaves the sample out
     */
    double value(Item item, String text);

    @Override
    default Scores score(List<Item> items) {
        return Scores.means(items.stream().map(item -> item.samples().stream().mapToDouble(sample -> value(item, sample.text())).toArray()).toList());
    }
}
