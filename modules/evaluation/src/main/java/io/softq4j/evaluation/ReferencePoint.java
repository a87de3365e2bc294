package io.softq4j.evaluation;

import io.softq4j.common.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The references in place of the samples, so that a value has something to be held against: how people do by the same measure.
 *
 * <ul>
 * <li>A metric that compares with references: of each item with two or more, one reference, drawn by its prompt, is judged against the others.</li>
 * <li>One that looks at samples alone: each item's samples are its references, as many as it has samples at most, in the order of the corpus.</li>
 * <li>One that needs tokens, likelihoods or several references beside several samples has no such point.</li>
 * </ul>
 */
final class ReferencePoint {

    private ReferencePoint() {
    }

    static Double of(Metric metric, List<Item> items) {
        if (metric.needs().contains(Need.TOKENS) || metric.needs().contains(Need.LIKELIHOODS) || metric.needs().contains(Need.SEVERAL_REFERENCES)) {
            return null;
        }
        List<Item> stood = items.stream().flatMap(item -> (metric.needs().contains(Need.REFERENCES) ? oneAgainstOthers(item) : asSamples(item)).stream())
                .toList();
        double value = stood.isEmpty() ? Double.NaN : metric.score(stood).corpus();
        return Double.isNaN(value) ? null : value;
    }

    private static Optional<Item> oneAgainstOthers(Item item) {
        List<String> others = new ArrayList<>(item.references());
        if (others.size() < 2) {
            return Optional.empty();
        }
        SplittableRandom random = Streams.of("a reference stands for a sample: " + item.prompt());
        String one = others.remove(random.nextInt(others.size()));
        return Optional.of(item.withReferences(others).withSamples(List.of(Sample.of(one))));
    }

    private static Optional<Item> asSamples(Item item) {
        List<Sample> samples = item.references().stream().limit(item.samples().size()).map(Sample::of).toList();
        return samples.isEmpty() ? Optional.empty() : Optional.of(item.withSamples(samples));
    }
}
