package io.softq4j.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.data.render.Answers;
import io.softq4j.data.row.Row;
import io.softq4j.tokens.Segment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A row of a corpus as evaluation and generation need it.
 *
 * @param segments  the rendered prompt, cut where answers of earlier turns begin
 * @param responses rendered texts that would be right, as often as they stand there; none if only prompts were asked for
 * @param index     number of the row, from 0
 * @param row       its columns, as they were read
 * @param where     its file and line
 */
public record RenderedRecord(List<Segment> segments, List<String> responses, long index, ObjectNode row, String where) {

    public RenderedRecord {
        segments = List.copyOf(segments);
        responses = List.copyOf(responses);
    }

    /** Of a prompt without earlier turns. */
    public RenderedRecord(String prompt, List<String> responses, long index, ObjectNode row, String where) {
        this(List.of(new Segment(prompt, false)), responses, index, row, where);
    }

    /** The rendered prompt as one text. */
    public String prompt() {
        return segments.stream().map(Segment::text).collect(Collectors.joining());
    }

    /** Every field of the row, as text. A conversation counts as its answer, what the assistant says last; without one it is left out. */
    public Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>(Row.fields(row));
        row.properties().forEach(field -> Answers.conversation(field.getValue())
                .ifPresent(conversation -> Answers.of(conversation).ifPresentOrElse(answer -> fields.put(field.getKey(), answer),
                        () -> fields.remove(field.getKey()))));
        return fields;
    }
}
