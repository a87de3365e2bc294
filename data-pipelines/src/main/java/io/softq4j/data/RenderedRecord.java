package io.softq4j.data;

import java.util.Map;

/**
 * A row of a corpus as evaluation and generation need it.
 *
 * @param prompt   the rendered prompt
 * @param response the rendered response; null when only prompts were asked for
 * @param fields   every field of the row, as text
 * @param line     its line in the file, from 1
 */
public record RenderedRecord(String prompt, String response, Map<String, String> fields, long line) {
}
