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
 * @param fields  the fields of the corpus record the prompt was made from; a {@link Task} finds its reference here
 * @param samples at least one
 */
public record PromptSamples(String prompt, Map<String, String> fields, List<Sample> samples) {

    public PromptSamples {
        Objects.requireNonNull(prompt, "prompt");
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("no samples for the prompt '" + prompt + "'");
        }
    }

    /** The texts of the samples, in order. */
    public List<String> texts() {
        return samples.stream().map(Sample::text).toList();
    }
}
