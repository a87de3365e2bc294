package io.softq4j.training;

import io.softq4j.training.rows.ValidationSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a run is measured on while it trains, and when.
 *
 * @param settings when, and what follows
 * @param sets     validation examples by name, in their order; the name of the one without is empty
 * @param hook     further figures
 */
public record Evaluations(EvalSettings settings, Map<String, ValidationSource> sets, Optional<EvalHook> hook) {

    public Evaluations {
        sets = Collections.unmodifiableMap(new LinkedHashMap<>(sets));
    }

    /** The validation loss of one set, or nothing, as often as checkpoints are saved. */
    public static Evaluations of(Optional<ValidationSource> validation) {
        return new Evaluations(EvalSettings.defaults(), validation.map(source -> Map.of("", source)).orElse(Map.of()), Optional.empty());
    }

    /** Whether there is anything to measure. */
    public boolean any() {
        return !sets.isEmpty() || hook.isPresent();
    }

    /** Rows that an evaluation reads. */
    long rows() {
        return sets.values().stream().mapToLong(ValidationSource::rows).sum();
    }
}
