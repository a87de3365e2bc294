package io.softq4j.sweep;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** How a sweep chooses its settings. */
public enum Search {
    /** Every combination of the listed values. */
    @JsonProperty("grid")
    GRID,
    /** Independent draws from the spaces. */
    @JsonProperty("random")
    RANDOM;

    /** As written in configuration files. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
