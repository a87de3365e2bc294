package io.softq4j.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.UserError;
import io.softq4j.tokens.Unicode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One object of a JSON Lines file.
 *
 * @param file   for messages
 * @param line   from 1
 * @param object what the line holds
 */
record JsonRow(String file, long line, ObjectNode object) {

    /**
     * A field as text: a string as it is, a number or boolean as JSON writes it.
     *
     * @throws RowError if it is missing, null, a list, an object or has a lone surrogate
     */
    String text(String field) {
        JsonNode value = object.get(field);
        if (value == null) {
            List<String> present = new ArrayList<>();
            object.fieldNames().forEachRemaining(present::add);
            throw new RowError(DropReason.MISSING_FIELD, file, line, "there is no field \"" + field + "\"; the row has " + present
                    + ". Name the right field in the prompt or response template, or set on_error to skip to leave such rows out");
        }
        if (!value.isValueNode() || value.isNull()) {
            throw new RowError(DropReason.NOT_TEXT, file, line, "field \"" + field + "\" is "
                    + (value.isNull() ? "null" : value.isArray() ? "a list" : "an object")
                    + "; expected a string, a number or a boolean");
        }
        try {
            return Unicode.requireWellFormed(value.asText());
        } catch (UserError e) {
            throw new RowError(DropReason.NOT_TEXT, file, line, "field \"" + field + "\": " + e.getMessage());
        }
    }

    /** Every field; lists, objects and null as JSON writes them. */
    Map<String, String> allFields() {
        Map<String, String> all = new LinkedHashMap<>();
        object.properties().forEach(e -> all.put(e.getKey(), e.getValue().isTextual() ? e.getValue().textValue() : e.getValue().toString()));
        return Collections.unmodifiableMap(all);
    }
}
