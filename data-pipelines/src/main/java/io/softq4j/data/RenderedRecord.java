package io.softq4j.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.data.row.Row;
import java.util.Map;

/**
 * A row of a corpus as evaluation and generation need it.
 *
 * @param prompt   the rendered prompt
 * @param response the rendered response; null when only prompts were asked for
 * @param row      its columns, as they were read
 * @param where    its file and line
 */
public record RenderedRecord(String prompt, String response, ObjectNode row, String where) {

    /** Every field of the row, as text. */
    public Map<String, String> fields() {
        return Row.fields(row);
    }
}
