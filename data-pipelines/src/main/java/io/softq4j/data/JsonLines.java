package io.softq4j.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.UserError;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * JSON Lines, one object a line (jsonlines.org): UTF-8, with or without a byte order mark, lines ended by LF or CRLF; blank lines are
 * passed over. One line is held in memory.
 */
final class JsonLines implements Closeable {

    private static final int LONGEST_LINE = 64 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final InputStream in;
    private final String file;
    private final String expected;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT);

    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int filled;
    private byte[] line = new byte[1 << 12];
    private int length;
    private long lineNumber;
    private long lineStart;
    private long bytesRead;

    /**
     * Reads from {@code in}.
     *
     * @param file   for messages
     * @param fields those the caller will ask for, to show what a row should look like
     */
    JsonLines(InputStream in, String file, List<String> fields) {
        this.in = in;
        this.file = file;
        this.expected = fields.stream().map(field -> "\"" + field + "\": \"...\"").collect(Collectors.joining(", ", "{", "}"));
    }

    /** Bytes consumed so far. */
    long bytesRead() {
        return bytesRead;
    }

    /**
     * The next row, or null at the end. After a {@link RowError} the next call goes on with the line behind.
     *
     * @throws RowError  if the line is not UTF-8 or not one JSON object
     * @throws UserError if the file cannot be read
     */
    JsonRow next() {
        try {
            while (readLine()) {
                String text = decode();
                if (!text.isBlank()) {
                    return new JsonRow(file, lineNumber, parse(text));
                }
            }
            return null;
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private boolean readLine() throws IOException {
        length = 0;
        lineStart = bytesRead;
        while (true) {
            if (at == filled) {
                at = 0;
                filled = Math.max(0, in.read(buffer));
                if (filled == 0) {
                    lineNumber += length > 0 ? 1 : 0;
                    return length > 0;
                }
            }
            int from = at;
            while (at < filled && buffer[at] != '\n') {
                at++;
            }
            append(from, at - from);
            bytesRead += at - from;
            if (at < filled) {
                at++;
                bytesRead++;
                lineNumber++;
                return true;
            }
        }
    }

    private void append(int from, int n) {
        if (length + n > LONGEST_LINE) {
            throw new UserError(file + ":" + (lineNumber + 1) + ": the line is longer than " + (LONGEST_LINE >> 20)
                    + " MiB; expected one object a line, such as " + expected + ". Is this a JSON Lines file?");
        }
        if (length + n > line.length) {
            line = Arrays.copyOf(line, Math.max(length + n, 2 * line.length));
        }
        System.arraycopy(buffer, from, line, length, n);
        length += n;
    }

    private String decode() throws CharacterCodingException {
        boolean mark = lineNumber == 1 && length >= 3 && (line[0] & 0xFF) == 0xEF && (line[1] & 0xFF) == 0xBB && (line[2] & 0xFF) == 0xBF;
        ByteBuffer bytes = ByteBuffer.wrap(line, mark ? 3 : 0, mark ? length - 3 : length);
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        CoderResult result = utf8.reset().decode(bytes, text, true);
        if (result.isError()) {
            boolean utf16 = lineNumber == 1 && bytes.position() == 0 && length > 1 && ((line[0] & 0xFF) >= 0xFE && (line[1] & 0xFF) >= 0xFE);
            throw new RowError(DropReason.INVALID_UTF8, file, lineNumber, String.format(
                    "byte 0x%02X at offset %d of the file is not UTF-8; the file is probably %s. Convert it, for example with iconv -f %s -t UTF-8",
                    line[bytes.position()], lineStart + bytes.position(), utf16 ? "UTF-16" : "Latin-1", utf16 ? "UTF-16" : "LATIN1"));
        }
        return text.flip().toString();
    }

    private ObjectNode parse(String text) {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            String what = e.getOriginalMessage().lines().findFirst().orElse("malformed").replaceFirst(" at \\[.*", "");
            String where = e.getLocation() == null ? "" : " at column " + e.getLocation().getColumnNr();
            throw malformed("this is not JSON: " + what + where, text);
        }
        if (!(node instanceof ObjectNode object)) {
            throw malformed("this is JSON, but " + (node.isArray() ? "a list" : "a " + node.getNodeType().toString().toLowerCase(Locale.ROOT))
                    + " and no object", text);
        }
        return object;
    }

    private RowError malformed(String what, String text) {
        String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return new RowError(DropReason.MALFORMED_JSON, file, lineNumber, what + ". Expected one object a line, such as " + expected
                + "; the line is: " + shown.strip());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
