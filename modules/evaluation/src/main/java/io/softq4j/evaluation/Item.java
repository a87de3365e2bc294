package io.softq4j.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A prompt with all that is known of it, and what was written for it: what a {@link Metric} judges.
 *
 * @param prompt      as the model saw it
 * @param references  texts that would be right, in the order of the corpus and as often as they stand there; empty where none is known
 * @param records     the fields of each corpus record that has this prompt; a {@link Task} finds there what it needs, and a sample is correct if it is
 *                    for any of them
 * @param samples     what was written; empty where only likelihoods are measured
 * @param likelihoods what the model makes of each reference; empty where no model was asked
 */
public record Item(String prompt, List<String> references, List<Map<String, String>> records, List<Sample> samples, List<Likelihood> likelihoods) {

    public Item {
        Objects.requireNonNull(prompt, "prompt");
        references = List.copyOf(references);
        records = records.stream().map(fields -> Collections.unmodifiableMap(new LinkedHashMap<>(fields))).toList();
        samples = List.copyOf(samples);
        likelihoods = List.copyOf(likelihoods);
        if (!likelihoods.isEmpty() && likelihoods.size() != references.size()) {
            throw new IllegalArgumentException("a likelihood for each reference: " + likelihoods.size() + " of " + references.size());
        }
    }

    /** Samples of a prompt that one record has, without references. */
    public Item(String prompt, Map<String, String> fields, List<Sample> samples) {
        this(prompt, List.of(), List.of(fields), samples, List.of());
    }

    /** The texts of the samples, in order. */
    public List<String> texts() {
        return samples.stream().map(Sample::text).toList();
    }

    /** The same with other samples. */
    public Item withSamples(List<Sample> others) {
        return new Item(prompt, references, records, others, likelihoods);
    }

    /** The same with other references, of which no likelihood is known. */
    public Item withReferences(List<String> others) {
        return new Item(prompt, others, records, samples, List.of());
    }
}
