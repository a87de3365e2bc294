package io.softq4j.data.row;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.UserError;
import io.softq4j.tokens.Unicode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One row of a corpus, whatever the format of its file: columns by name. Columns within columns are named with dots, such as
 * {@code translation.en}; a column whose own name has the dots goes first.
 *
 * @param file   for messages
 * @param line   where it begins, from 1: the line; in Parquet and in a JSON array the number of the row
 * @param object the columns
 */
public record Row(String file, long line, ObjectNode object) {

    /**
     * A column as text: a string as it is, a number as Python's {@code str} spells it, whatever the format of the file, a boolean
     * as JSON writes it.
     *
     * @throws RowError if it is missing, null, a list, an object or has a lone surrogate
     */
    public String text(String column) {
        JsonNode value = find(column);
        if (value == null) {
            throw new RowError(DropReason.MISSING_FIELD, file, line, "there is no field \"" + column + "\"; the row has " + columns()
                    + ". Name the right field in the prompt or response template or in columns, or set on_error to skip to leave such rows out");
        }
        if (!value.isValueNode() || value.isNull()) {
            throw new RowError(DropReason.NOT_TEXT, file, line, "field \"" + column + "\" is "
                    + (value.isNull() ? "null" : value.isArray() ? "a list" : "an object")
                    + "; expected a string, a number or a boolean");
        }
        return wellFormed(column, value.asText());
    }

    /** As {@link #text}; empty where the column is missing or null. */
    public Optional<String> optionalText(String column) {
        JsonNode value = find(column);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(text(column));
    }

    /**
     * A column as JSON, whatever it holds; text that is JSON already, as CSV has it, stays what it is.
     *
     * @throws RowError if it is missing or has a lone surrogate
     */
    public String json(String column) {
        JsonNode value = find(column);
        if (value == null) {
            return text(column);
        }
        return wellFormed(column, value.isTextual() ? value.textValue() : value.toString());
    }

    /** Every column of a row; lists, objects and null as JSON writes them. */
    public static Map<String, String> fields(ObjectNode object) {
        Map<String, String> all = new LinkedHashMap<>();
        object.properties().forEach(e -> all.put(e.getKey(), e.getValue().isTextual() ? e.getValue().textValue() : e.getValue().toString()));
        return Collections.unmodifiableMap(all);
    }

    /** A column, whatever it holds. */
    public Optional<JsonNode> value(String column) {
        return Optional.ofNullable(find(column));
    }

    /** Whether there is such a column, whatever it holds. */
    public boolean has(String column) {
        return find(column) != null;
    }

    /** The names of the columns, in their order. */
    public List<String> columns() {
        List<String> present = new ArrayList<>();
        object.fieldNames().forEachRemaining(present::add);
        return present;
    }

    /** Roughly how much text it holds, in characters. */
    public long size() {
        return size(object);
    }

    private static long size(JsonNode node) {
        if (node.isTextual()) {
            return node.textValue().length();
        }
        long size = 8;
        for (JsonNode child : node) {
            size += size(child);
        }
        return size;
    }

    private JsonNode find(String column) {
        JsonNode whole = object.get(column);
        if (whole != null || column.indexOf('.') < 0) {
            return whole;
        }
        JsonNode value = object;
        for (String name : column.split("\\.", -1)) {
            value = value == null ? null : value.get(name);
        }
        return value;
    }

    private String wellFormed(String column, String text) {
        try {
            return Unicode.requireWellFormed(text);
        } catch (UserError e) {
            throw new RowError(DropReason.NOT_TEXT, file, line, "field \"" + column + "\": " + e.getMessage());
        }
    }
}
