package io.softq4j.evaluation;

import java.util.Set;
import java.util.function.ToDoubleBiFunction;

/**
 * A value of a sample against each reference, of which the highest counts.
 *
 * @param name      as in reports
 * @param signature what there is to know to compute it again
 * @param value     of a reference and a text
 */
record BestOfReferences(String name, String signature, ToDoubleBiFunction<String, String> value) implements SampleMetric {

    @Override
    public Set<Need> needs() {
        return Set.of(Need.SAMPLES, Need.REFERENCES);
    }

    @Override
    public double value(Item item, String text) {
        return item.references().stream().mapToDouble(reference -> value.applyAsDouble(reference, text)).max().orElse(Double.NaN);
    }
}
