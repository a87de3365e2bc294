package io.softq4j.objective;

import io.softq4j.model.ModelGraph;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * These settings determine an objective: they are the section {@code objective} of a configuration, and all that is known about the
 * objective before there is a model. Training from a configuration asks them, so that only the objective's own package knows which
 * objective it is.
 */
public interface ObjectiveSettings {

    /**
     * The objective over a model.
     *
     * @param model                with its weights, or an outline of it ({@link io.softq4j.model.LanguageModel#outline}), over which an objective can be
     *                             asked for its {@link Objective#costs} and for nothing that runs
     * @param gradientCheckpointing whether what the backward pass needs is computed again, for less memory
     */
    Objective over(ModelGraph model, boolean gradientCheckpointing);

    /**
     * These settings with the defaults that fit what a run starts from.
     *
     * @param pretrained whether the model is trained already
     * @param stated     whether a key of the section, such as {@code lambda}, was given a value, which then stays
     */
    default Settled settled(boolean pretrained, Predicate<String> stated) {
        return new Settled(this, List.of());
    }

    /**
     * Refuses a schedule that a run ends before: the result would be another objective's than the configuration says.
     *
     * @param steps of the run
     * @param key   that says how many they are, such as {@code training.max_steps}
     * @throws io.softq4j.common.UserError with the keys and their values
     */
    default void requireArrival(long steps, String key) {
    }

    /** What is allowed but likely not meant, a sentence or more. @param pretrained whether the model is trained already */
    default Optional<String> warning(boolean pretrained) {
        return Optional.empty();
    }

    /** What must be known of the model that a run starts from, before it trains; empty: nothing. */
    default Optional<StartValues> startValues() {
        return Optional.empty();
    }

    /**
     * Settings with nothing left to decide.
     *
     * @param settings a record of the same section
     * @param notes    what was decided and why, one line each
     */
    record Settled(ObjectiveSettings settings, List<String> notes) {

        public Settled {
            notes = List.copyOf(notes);
        }
    }
}
