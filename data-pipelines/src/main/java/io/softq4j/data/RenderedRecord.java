package io.softq4j.data;

import java.util.Map;

/**
 * A row of a corpus as evaluation and generation need it.
 *
 * @param prompt   the rendered prompt
 * @param response the rendered response; null when only prompts were asked for
 * @param fields   every field of the row, as text
 * @param where    its file and line
 */
public record RenderedRecord(String prompt, String response, Map<String, String> fields, String where) {
}
