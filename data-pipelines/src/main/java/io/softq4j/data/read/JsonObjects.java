package io.softq4j.data.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.data.row.DropReason;
import io.softq4j.data.row.FloatValue;
import io.softq4j.data.row.RowError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Parses the rows of a file that are one JSON object each (RFC 8259), from bytes that are UTF-8. Numbers are those of Python. */
final class JsonObjects {

    private static final int DEEPEST = 1000;
    private static final int LONGEST_NUMBER = 1000;
    private static final int SHOWN = 60;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST).maxNumberLength(LONGEST_NUMBER).maxStringLength(RowSource.LONGEST_ROW).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .nodeFactory(FloatValue.nodeFactory())
            .build();

    private final String file;
    private final String unit;
    private final String expected;

    /**
     * Parses rows of {@code file}.
     *
     * @param unit     what of the file a row is, such as {@code line}
     * @param expected what the file should be, such as {@code one object a line}
     */
    JsonObjects(String file, String unit, String expected) {
        this.file = file;
        this.unit = unit;
        this.expected = expected;
    }

    /**
     * The object in {@code bytes[from..to)}.
     *
     * @param row   its number
     * @param place where else it is, for the messages; may be empty
     * @throws RowError if it is not one object
     */
    ObjectNode parse(byte[] bytes, int from, int to, long row, String place) {
        requireNoNulAhead(bytes, from, to, row, place);
        JsonNode node;
        try {
            node = MAPPER.readTree(bytes, from, to - from);
        } catch (JsonProcessingException e) {
            throw malformed("this is not JSON: " + Json.problem(e) + column(e, bytes, from, to), bytes, from, to, row, place);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
        }
        if (!(node instanceof ObjectNode object)) {
            throw malformed("this is JSON, but " + (node.isArray() ? "a list" : "a " + node.getNodeType().toString().toLowerCase(Locale.ROOT))
                    + " and no object", bytes, from, to, row, place);
        }
        return object;
    }

    /** Jackson takes bytes that begin with a zero among the first four for UTF-16 or UTF-32, and would read them so. */
    private void requireNoNulAhead(byte[] bytes, int from, int to, long row, String place) {
        for (int i = from; i < Math.min(to, from + 4); i++) {
            if (bytes[i] == 0) {
                throw malformed("this is not JSON: a byte of zero; the file is probably UTF-16, or no text at all", bytes, from, to, row, place);
            }
        }
    }

    /** In characters, from 1; Jackson counts bytes. */
    private static String column(JsonProcessingException e, byte[] bytes, int from, int to) {
        if (e.getLocation() == null || e.getLocation().getByteOffset() < 0) {
            return "";
        }
        int before = (int) Math.min(e.getLocation().getByteOffset(), to - from);
        String text = new String(bytes, from, before, StandardCharsets.UTF_8);
        return " at column " + (text.codePointCount(0, text.length()) + 1);
    }

    private RowError malformed(String what, byte[] bytes, int from, int to, long row, String place) {
        // at most four bytes a character, so enough bytes for what is shown
        String text = new String(bytes, from, Math.min(to - from, 4 * (SHOWN + 1)), StandardCharsets.UTF_8).strip();
        String shown = text.codePointCount(0, text.length()) > SHOWN ? text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "..." : text;
        return new RowError(DropReason.MALFORMED_JSON, file, row, place + what + ". Expected " + expected + "; the " + unit + " is: " + shown);
    }
}
