package io.softq4j.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The n samples drawn for one prompt.
 *
 * @param prompt  the prompt as the model saw it
 * @param records the fields of each corpus record that has this prompt, at least one; a {@link Task} finds its reference there, and a sample is correct
 *                if it is for any of them
 * @param samples at least one
 */
public record PromptSamples(String prompt, List<Map<String, String>> records, List<Sample> samples) {

    public PromptSamples {
        Objects.requireNonNull(prompt, "prompt");
        records = records.stream().map(fields -> Collections.unmodifiableMap(new LinkedHashMap<>(fields))).toList();
        samples = List.copyOf(samples);
        if (records.isEmpty() || samples.isEmpty()) {
            throw new IllegalArgumentException("no " + (samples.isEmpty() ? "samples" : "records") + " for the prompt '" + prompt + "'");
        }
    }

    /** Of a prompt that one record has. */
    public PromptSamples(String prompt, Map<String, String> fields, List<Sample> samples) {
        this(prompt, List.of(fields), samples);
    }

    /** The texts of the samples, in order. */
    public List<String> texts() {
        return samples.stream().map(Sample::text).toList();
    }
}
