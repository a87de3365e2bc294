package io.softq4j.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.data.row.DropReason;
import io.softq4j.data.row.Row;
import io.softq4j.data.row.RowError;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlainTextTest {

    private static final String TEXT = "\uFEFF\n one é\r\ntwo\u0000 \n \t\n\n\nthree 😀";

    @Test
    void aLineIsARowAndBlankOnesAreNot() {
        assertEquals(List.of("2| one é", "3|two\u0000 ", "7|three 😀"), read(TEXT, SampleBy.LINE));
    }

    @Test
    void aParagraphIsTheLinesBetweenBlankOnes() {
        assertEquals(List.of("2| one é\ntwo\u0000 ", "7|three 😀"), read(TEXT, SampleBy.PARAGRAPH));
    }

    @Test
    void aDocumentIsTheFileAsItIs() {
        assertEquals(List.of("1|" + TEXT.substring(1)), read(TEXT, SampleBy.DOCUMENT));
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyOrBlankFileHasNoRows(SampleBy sampleBy) {
        assertEquals(List.of(), read("", sampleBy));
        assertEquals(List.of(), read(" \n\n", sampleBy));
    }

    @Test
    void readingGoesOnBehindBytesThatAreNotUtf8() {
        byte[] latin1 = "a\n\u00e9\nb\n\nc\n".getBytes(StandardCharsets.ISO_8859_1);
        String message = ": byte 0xE9 at offset 2 of the file is not UTF-8; the file is probably Latin-1. Convert it, for example with iconv -f LATIN1 -t UTF-8";
        RowSource lines = open(latin1, SampleBy.LINE);
        assertEquals("a", lines.next().text("text"));
        assertError(lines, DropReason.INVALID_UTF8, "x.txt:2" + message);
        assertEquals("b", lines.next().text("text"));
        RowSource paragraphs = open(latin1, SampleBy.PARAGRAPH);
        assertError(paragraphs, DropReason.INVALID_UTF8, "x.txt:2" + message);
        assertEquals("c", paragraphs.next().text("text"));
        RowSource document = open(latin1, SampleBy.DOCUMENT);
        assertError(document, DropReason.INVALID_UTF8, "x.txt:1" + message);
        assertNull(document.next());
        assertTrue(assertThrows(UserError.class, () -> open("a".getBytes(StandardCharsets.UTF_16), SampleBy.LINE)).getMessage()
                .startsWith("x.txt:1: the file begins with the bytes 0xFE 0xFF, the byte order mark of UTF-16"));
    }

    @Test
    void whatIsTooLongForMemoryIsPassedOver() {
        RowSource lines = open(Endless.then("a\n", 200L << 20, "\nb\n"), SampleBy.LINE);
        assertEquals("a", lines.next().text("text"));
        assertError(lines, DropReason.ROW_TOO_LONG, "x.txt:2: the line is longer than 64 MiB. Is this a text file?");
        assertEquals("b", lines.next().text("text"));
        RowSource paragraphs = open(Endless.then("a\n", 70L << 20, "\nb\n\nc"), SampleBy.PARAGRAPH);
        assertError(paragraphs, DropReason.ROW_TOO_LONG, "x.txt:1: the paragraph is longer than 64 MiB. Is this a text file?");
        assertEquals("c", paragraphs.next().text("text"));
        RowSource document = open(Endless.then("a\n", 200L << 20, ""), SampleBy.DOCUMENT);
        assertError(document, DropReason.ROW_TOO_LONG,
                "x.txt:1: the document is longer than 64 MiB. Split the file, or set sample_by to line or paragraph");
        assertNull(document.next());
    }

    private static void assertError(RowSource rows, DropReason reason, String message) {
        RowError error = assertThrows(RowError.class, rows::next);
        assertEquals(message, error.getMessage());
        assertEquals(reason, error.reason());
    }

    private static List<String> read(String text, SampleBy sampleBy) {
        List<String> all = new ArrayList<>();
        RowSource rows = open(text.getBytes(StandardCharsets.UTF_8), sampleBy);
        for (Row row = rows.next(); row != null; row = rows.next()) {
            all.add(row.line() + "|" + row.text("text"));
        }
        return all;
    }

    private static RowSource open(byte[] bytes, SampleBy sampleBy) {
        return open(new ByteArrayInputStream(bytes), sampleBy);
    }

    private static RowSource open(InputStream in, SampleBy sampleBy) {
        return RowSources.open(in, "x.txt", Format.TEXT, new ReadOptions(sampleBy, List.of()));
    }
}
