package io.softq4j.sweep;

import java.util.Locale;

/** How far a trial has come. All but {@link #COMPLETE} run when the sweep is run again. */
public enum TrialStatus {
    /** Has a score and a report. */
    COMPLETE,
    /** Threw, or gave a score that is no number. */
    FAILED,
    /** Was running when the sweep was cancelled. */
    CANCELLED,
    /** Not run yet, or the process died while it ran. */
    PENDING;

    /** As written in the journal. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException on any other text */
    static TrialStatus of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
