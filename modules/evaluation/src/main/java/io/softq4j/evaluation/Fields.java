package io.softq4j.evaluation;

import io.softq4j.common.UserError;
import java.util.Map;
import java.util.TreeSet;

/** Reads the fields of a corpus record. */
public final class Fields {

    private Fields() {
    }

    /**
     * The value of {@code field}.
     *
     * @throws UserError naming the fields present, if there is no such field
     */
    public static String require(Map<String, String> fields, String field, String task) {
        String value = fields.get(field);
        if (value == null) {
            throw new UserError("task '" + task + "' needs the field '" + field + "' of each record; fields present: "
                    + (fields.isEmpty() ? "none" : String.join(", ", new TreeSet<>(fields.keySet())))
                    + ". A conversation counts as what the assistant says last, one without an answer is not there. Check that the evaluated file belongs to this task, and the field names in the data section of the config.");
        }
        return value;
    }
}
