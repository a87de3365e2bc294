package io.softq4j.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.data.row.Column;
import io.softq4j.data.row.DropReason;
import io.softq4j.data.row.Row;
import io.softq4j.data.row.RowError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.datavec.api.records.Record;
import org.datavec.api.split.FileSplit;
import org.datavec.api.writable.Writable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {

    @TempDir
    Path home;

    @Test
    void rowsAreTheWantedFieldsInTheOrderWanted() throws Exception {
        Path file = write("{\"b\": \"two\", \"x\": [1], \"a\": \"one\\n\\u00e9😀\\u0000\"}\r\n\n   \r\n{\"a\": 1.50, \"b\": true}");
        List<List<String>> rows = read(file, "a", "b");
        assertEquals(List.of(List.of("one\né😀\u0000", "two"), List.of("1.5", "true")), rows);
    }

    @Test
    void linesAreCountedWithBlankOnes() throws Exception {
        Path file = write("\n{\"a\": \"x\"}\n\n{\"a\": \"y\"}\n");
        try (JsonLinesRecordReader reader = open(file, "a")) {
            Record first = reader.nextRecord();
            Record second = reader.nextRecord();
            assertEquals(file + ":2", first.getMetaData().getLocation());
            assertEquals(file + ":4", second.getMetaData().getLocation());
            assertEquals(4, reader.line());
            assertEquals(file.toString(), reader.fileName());
            assertFalse(reader.hasNext());
            assertEquals(Files.size(file), reader.bytesRead());
            reader.reset();
            assertEquals("x", reader.next().get(0).toString());
        }
    }

    @Test
    void aByteOrderMarkIsPassedOver() throws Exception {
        assertEquals(List.of(List.of("x")), read(write("\uFEFF{\"a\": \"x\"}"), "a"));
    }

    @Test
    void manyFilesAreReadOneAfterTheOther() throws Exception {
        Files.writeString(home.resolve("1.jsonl"), "{\"a\": \"x\"}");
        Files.writeString(home.resolve("2.jsonl"), "");
        Files.writeString(home.resolve("3.jsonl"), "{\"a\": \"y\"}\n");
        assertEquals(List.of(List.of("x"), List.of("y")), read(home, "a"));
    }

    @Test
    void linesLongerThanTheBufferAreWhole() throws Exception {
        String text = "é".repeat(200_000);
        assertEquals(List.of(List.of(text), List.of("b")), read(write("{\"a\": \"" + text + "\"}\n{\"a\": \"b\"}\n"), "a"));
    }

    @Test
    void malformedJsonIsNamedByFileAndLine() throws Exception {
        assertRow(DropReason.MALFORMED_JSON, 2, "this is not JSON: unexpected character 'o', expected a name in double quotes at column 2. "
                + "Expected one object a line, such as {\"a\": \"...\", \"b\": \"...\"}; the line is: {oops}",
                "{\"a\": \"1\", \"b\": \"2\"}\n{oops}\n");
        assertRow(DropReason.MALFORMED_JSON, 1, "this is not JSON: it ends too early", "{\"a\": \"1\",\n \"b\": \"2\"}\n");
        assertRow(DropReason.MALFORMED_JSON, 1, "this is JSON, but a list and no object. Expected one object a line", "[{\"a\": \"1\"}]");
        assertRow(DropReason.MALFORMED_JSON, 1, "this is JSON, but a string and no object", "\"a\"");
        assertRow(DropReason.MALFORMED_JSON, 1, "this is not JSON: ", "{\"a\": \"1\"} {\"a\": \"2\"}");
        assertRow(DropReason.MALFORMED_JSON, 1, "this is not JSON: key 'a' appears twice", "{\"a\": \"1\", \"a\": \"2\"}");
    }

    @Test
    void aMissingFieldIsNamedWithThosePresent() throws Exception {
        assertRow(DropReason.MISSING_FIELD, 1, "there is no field \"b\"; the row has [a, answer]. "
                + "Name the right field in the prompt or response template",
                "{\"a\": \"1\", \"answer\": \"2\"}");
    }

    @Test
    void aFieldThatIsNoTextIsNamed() throws Exception {
        assertRow(DropReason.NOT_TEXT, 1, "field \"b\" is null; expected a string, a number or a boolean", "{\"a\": \"1\", \"b\": null}");
        assertRow(DropReason.NOT_TEXT, 1, "field \"b\" is a list; expected", "{\"a\": \"1\", \"b\": [1]}");
        assertRow(DropReason.NOT_TEXT, 1, "field \"b\" is an object; expected", "{\"a\": \"1\", \"b\": {}}");
        assertRow(DropReason.NOT_TEXT, 1, "field \"b\": text is not Unicode: lone surrogate U+D83D at character 1",
                "{\"a\": \"1\", \"b\": \"x\\ud83d\"}");
    }

    @Test
    void bytesThatAreNotUtf8AreNamedByLineAndOffset() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("{\"a\": \"é\", \"b\": \"\"}\n".getBytes(StandardCharsets.UTF_8));
        int start = bytes.size();
        bytes.writeBytes("{\"a\": \"caf\u00e9 x\", \"b\": \"\"}\n".getBytes(StandardCharsets.ISO_8859_1));
        Path file = Files.write(home.resolve("corpus.jsonl"), bytes.toByteArray());
        RowError error = firstError(file);
        assertEquals(DropReason.INVALID_UTF8, error.reason());
        assertEquals(file + ":2: byte 0xE9 at offset " + (start + 10) + " of the file is not UTF-8; the file is probably Latin-1. "
                + "Convert it, for example with iconv -f LATIN1 -t UTF-8", error.getMessage());

        Files.write(file, "{\"a\": \"x\"}\n".getBytes(Charset.forName("UTF-16")));
        assertEquals(file + ":1: the file begins with the bytes 0xFE 0xFF, the byte order mark of UTF-16; expected UTF-8. "
                + "Convert it, for example with iconv -f UTF-16 -t UTF-8", message(() -> read(file, "a")));

        Files.write(file, new byte[] {'{', '"', (byte) 0xE2, (byte) 0x82});
        assertTrue(firstError(file).getMessage().startsWith(file + ":1: byte 0xE2 at offset 2 of the file is not UTF-8"));
    }

    @Test
    void aLineTooLongForMemoryIsPassedOver() {
        InputStream in = Endless.then("{\"a\": \"", 200L << 20, "\"}\n{\"a\": \"behind\"}\n");
        RowSource rows = RowSources.open(in, "video.mp4", Format.JSONL, ReadOptions.of(List.of(Column.text("a"))));
        RowError error = assertThrows(RowError.class, rows::next);
        assertEquals(DropReason.ROW_TOO_LONG, error.reason());
        assertEquals("video.mp4:1: the line is longer than 64 MiB; expected one object a line, such as {\"a\": \"...\"}. Is this a JSON Lines file?",
                error.getMessage());
        Row behind = rows.next();
        assertEquals("behind", behind.text("a"));
        assertEquals(2, behind.line());
    }

    @Test
    void readingGoesOnBehindABadRow() throws Exception {
        Path file = write("{\"a\": \"1\"}\nnonsense\n{\"b\": 1}\n{\"a\": \"2\"}\n");
        try (JsonLinesRecordReader reader = open(file, "a")) {
            assertEquals("1", reader.next().get(0).toString());
            assertTrue(reader.hasNext());
            assertEquals(2, assertThrows(RowError.class, reader::next).line());
            assertEquals(3, assertThrows(RowError.class, reader::next).line());
            assertEquals("2", reader.next().get(0).toString());
            assertFalse(reader.hasNext());
        }
    }

    private static String message(Executable action) {
        return assertThrows(UserError.class, action).getMessage();
    }

    private void assertRow(DropReason reason, long line, String what, String text) throws Exception {
        Path file = write(text);
        RowError error = firstError(file);
        assertEquals(reason, error.reason());
        assertEquals(line, error.line());
        assertTrue(error.getMessage().startsWith(file + ":" + line + ": " + what), error.getMessage());
    }

    private static RowError firstError(Path file) throws Exception {
        return assertThrows(RowError.class, () -> read(file, "a", "b"));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(home.resolve("corpus.jsonl"), text);
    }

    private static JsonLinesRecordReader open(Path file, String... fields) throws Exception {
        JsonLinesRecordReader reader = new JsonLinesRecordReader(Stream.of(fields).map(Column::text).toList());
        reader.initialize(new FileSplit(file.toFile()));
        return reader;
    }

    private static List<List<String>> read(Path file, String... fields) throws Exception {
        List<List<String>> rows = new ArrayList<>();
        try (JsonLinesRecordReader reader = open(file, fields)) {
            while (reader.hasNext()) {
                rows.add(reader.next().stream().map(Writable::toString).toList());
            }
        }
        return rows;
    }
}
