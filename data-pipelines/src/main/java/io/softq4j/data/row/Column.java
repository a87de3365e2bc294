package io.softq4j.data.row;

import java.io.Serializable;

/**
 * A column that a pipeline reads.
 *
 * @param name in the corpus, with dots for a column within a column
 * @param kind how it is read
 */
public record Column(String name, Kind kind) implements Serializable {

    /** How a column is read. */
    public enum Kind {
        /** A string, a number or a boolean; any other value is an error. */
        TEXT,
        /** As {@link #TEXT}, and empty where the row has none. */
        OPTIONAL_TEXT,
        /** Any value, as JSON. */
        JSON,
        /** As {@link #JSON}, and empty where the row has none. */
        OPTIONAL_JSON
    }

    public static Column text(String name) {
        return new Column(name, Kind.TEXT);
    }

    /** Its value in {@code row}. @throws RowError if the row has none of that kind */
    public String of(Row row) {
        return switch (kind) {
            case TEXT -> row.text(name);
            case OPTIONAL_TEXT -> row.optionalText(name).orElse("");
            case JSON -> row.json(name);
            case OPTIONAL_JSON -> row.has(name) ? row.json(name) : "";
        };
    }
}
