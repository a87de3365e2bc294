package io.softq4j.evaluation;

import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;

/**
 * A metric of samples against references whose statistics add up, as those of BLEU and chrF. An item without references has no part in it.
 *
 * @param name       as in reports
 * @param statistics what a text with its references adds, at least one reference
 * @param value      of the sum of all
 * @param ofFew      of a sample or an item by itself
 * @param signatures by the number of references of an item, 0 where items differ in it
 */
record SummedMetric(String name, BiFunction<String, List<String>, double[]> statistics, ToDoubleFunction<double[]> value,
        ToDoubleFunction<double[]> ofFew, IntFunction<String> signatures) implements Metric {

    @Override
    public Direction direction() {
        return Direction.HIGHER;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.SAMPLES, Need.REFERENCES);
    }

    @Override
    public String signature() {
        return signatures.apply(0);
    }

    @Override
    public String signature(List<Item> items) {
        int[] counts = items.stream().mapToInt(item -> item.references().size()).filter(count -> count > 0).distinct().toArray();
        return signatures.apply(counts.length == 1 ? counts[0] : 0);
    }

    @Override
    public Scores score(List<Item> items) {
        return Scores.sums(items.stream().map(item -> item.texts().stream()
                .map(text -> item.references().isEmpty() ? new double[0]
                : statistics.apply(text, item.references())).toArray(double[][]::new))
                .toList(), value, ofFew);
    }
}
