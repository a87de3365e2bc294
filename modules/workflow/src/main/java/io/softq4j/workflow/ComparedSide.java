package io.softq4j.workflow;

import io.softq4j.evaluation.Item;
import io.softq4j.evaluation.SamplerSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One of the things that are compared, before it is judged.
 *
 * @param name     a letter
 * @param path     as it was given
 * @param sampler  how its samples were drawn; empty for texts from elsewhere
 * @param settings the configuration it was trained with, by dotted key; empty where none is known
 * @param run      the directory with its metrics.jsonl; empty where there is none
 * @param items    with its samples
 */
record ComparedSide(String name, Path path, Optional<SamplerSettings> sampler, Map<String, Object> settings, Optional<Path> run,
        List<Item> items) {

    ComparedSide with(List<Item> others) {
        return new ComparedSide(name, path, sampler, settings, run, others);
    }

    /** Samples of a prompt: the smallest and the largest number. */
    String samples() {
        var counts = items.stream().mapToInt(item -> item.samples().size()).summaryStatistics();
        return counts.getMin() == counts.getMax() ? Integer.toString(counts.getMin()) : counts.getMin() + " to " + counts.getMax();
    }
}
