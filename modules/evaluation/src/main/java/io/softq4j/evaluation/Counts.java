package io.softq4j.evaluation;

import java.util.List;

/**
 * How much was measured.
 *
 * @param prompts    number of different prompts
 * @param references number of texts known to be right, over all prompts
 * @param samples    number of samples over all prompts
 * @param tokens     number of sampled tokens over all samples; 0 for texts from elsewhere
 */
public record Counts(int prompts, int references, int samples, long tokens) {

    static Counts of(List<Item> items) {
        return new Counts(items.size(), items.stream().mapToInt(item -> item.references().size()).sum(),
                items.stream().mapToInt(item -> item.samples().size()).sum(),
                items.stream().flatMap(item -> item.samples().stream()).mapToLong(sample -> Math.max(0, sample.tokens())).sum());
    }
}
