package io.softq4j.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.softq4j.common.UserError;
import io.softq4j.data.row.Column;
import io.softq4j.data.row.DropReason;
import io.softq4j.data.row.Row;
import io.softq4j.data.row.RowError;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CsvTest {

    private static final List<String> NEVER_CLOSED = List.of("never closed");

    @Test
    void fieldsInQuotesHoldSeparatorsLineEndsAndQuotes() {
        RowSource rows = csv("a,b\r\n\"x, \"\"y\"\"\nz\r\n\",\"\"\r\n\r\nplain \"quote\", space \n\"é😀\u0000\",last");
        assertRow(rows, 2, "x, \"y\"\nz\r\n", "");
        assertRow(rows, 6, "plain \"quote\"", " space ");
        assertRow(rows, 7, "é😀\u0000", "last");
        assertNull(rows.next());
    }

    @Test
    void linesMayEndAsOnAnySystem() {
        for (String end : List.of("\n", "\r\n", "\r")) {
            RowSource rows = csv("\uFEFFa,b" + end + "1,2" + end + end + "3,4" + end);
            assertRow(rows, 2, "1", "2");
            assertRow(rows, 4, "3", "4");
            assertNull(rows.next());
        }
    }

    @Test
    void tabsSeparateInTsv() {
        RowSource rows = open("a\tb\n1,2\t\"x\ty\"\n", Format.TSV);
        assertRow(rows, 2, "1,2", "x\ty");
        RowError error = assertThrows(RowError.class, () -> open("a\tb\n1\n", Format.TSV).next());
        assertTrue(error.getMessage().contains("The likely cause is a tab or a line end in a field without quotes around it"), error.getMessage());
    }

    @Test
    void anEmptyFileOrAHeaderAloneHasNoRows() {
        assertNull(csv("").next());
        assertNull(csv("\n\n").next());
        RowSource header = csv("a,b\n");
        assertNull(header.next());
        assertNull(header.next());
    }

    @Test
    void aRowWithMoreOrFewerFieldsIsNamedWithBothCounts() {
        RowSource rows = csv("a,b\n1,2,3\n1\n4,5\n");
        assertError(rows, DropReason.RAGGED_ROW, "x.csv:2: the row has 3 fields, the header has 2 [a, b]. "
                + "The likely cause is a comma or a line end in a field without quotes around it; the row begins: 1,2,3");
        assertError(rows, DropReason.RAGGED_ROW, "x.csv:3: the row has 1 fields, the header has 2 [a, b]. "
                + "The likely cause is a comma or a line end in a field without quotes around it; the row begins: 1");
        assertRow(rows, 4, "4", "5");
    }

    @Test
    void aFieldThatGoesOnBehindItsQuoteIsNamed() {
        RowSource rows = csv("a,b\n\"x\"y,2\n\"two\nlines\" ,3\n4,5\n");
        assertError(rows, DropReason.MALFORMED_CSV, "x.csv:2: field 1 goes on behind its closing quote, in line 2 at offset 7. "
                + "A quote that belongs to the text is written twice (\"\") in a field in quotes");
        assertError(rows, DropReason.MALFORMED_CSV, "x.csv:3: field 1 goes on behind its closing quote, in line 4 at offset 22. "
                + "A quote that belongs to the text is written twice (\"\") in a field in quotes");
        assertRow(rows, 5, "4", "5");
        assertNull(rows.next());
    }

    @Test
    void aQuoteThatIsNeverClosedIsNamedWhereItOpened() {
        RowSource rows = csv("a,b\n1,2\n3,\"x\n4,5\n6,7\n");
        assertRow(rows, 2, "1", "2");
        assertEquals("x.csv:3: the quote that opens field 2 in this line is never closed; the file ends inside the field. "
                + "Close it, or write a quote that belongs to the text twice (\"\") in a field in quotes", message(rows));
    }

    @Test
    void aHeaderMustNameEachColumnOnce() {
        assertEquals("x.csv:1: two columns have the name \"a\"; the header is [a, b, a]. The first line must name each column; is it a row?",
                message(csv("a,b,a\n1,2,3\n")));
        assertEquals("x.csv:2: column 2 of the header has no name; the header is [a, ]. The first line must name each column", message(csv("\na,\n1,2\n")));
        assertTrue(message(csv("\"a\"b\n")).endsWith("(this is the header, without which no row can be read)"));
    }

    @Test
    void bytesThatAreNotUtf8AreNamedByLineAndOffset() {
        RowSource rows = open("a,b\ncaf\u00e9,2\n3,4\n".getBytes(StandardCharsets.ISO_8859_1), Format.CSV);
        assertError(rows, DropReason.INVALID_UTF8, "x.csv:2: byte 0xE9 at offset 7 of the file is not UTF-8; the file is probably Latin-1. "
                + "Convert it, for example with iconv -f LATIN1 -t UTF-8");
        assertRow(rows, 3, "3", "4");
        String utf16 = assertThrows(UserError.class, () -> open("a,b".getBytes(StandardCharsets.UTF_16), Format.CSV)).getMessage();
        assertTrue(utf16.startsWith("x.csv:1: the file begins with the bytes 0xFE 0xFF, the byte order mark of UTF-16; expected UTF-8."), utf16);
    }

    @Test
    void aRowTooLongForMemoryIsPassedOver() {
        InputStream in = Endless.then("a,b\n1,\"", 200L << 20, "\n\"\"\"\n3,4\n");
        RowSource rows = RowSources.open(in, "x.csv", Format.CSV, ReadOptions.of(List.of()));
        assertError(rows, DropReason.ROW_TOO_LONG,
                "x.csv:2: the row is longer than 64 MiB; it ends in line 3. Is a quote never closed, or is this no CSV file?");
        assertRow(rows, 4, "3", "4");
    }

    @Test
    void aMissingColumnIsNamedWithThosePresent() {
        Row row = csv("a,b\n1,2\n").next();
        assertTrue(assertThrows(RowError.class, () -> row.text("c")).getMessage().startsWith("x.csv:2: there is no field \"c\"; the row has [a, b]."));
    }

    @Test
    void anotherParserReadsTheSame() {
        Random random = new Random(7);
        String[] pieces = {"\"", "\"\"", ",", "\n", "\r\n", "\r", "x", "é", " ", "a,b\n", "\"q\"", "\"q,\n\""};
        for (int i = 0; i < 3_000; i++) {
            StringBuilder text = new StringBuilder("h,i\n");
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            List<List<String>> ours = ours(text.toString());
            List<List<String>> theirs = fastCsv(text.toString());
            if (ours.contains(NEVER_CLOSED)) {
                // which it takes for closed at the end of the file
                theirs = new ArrayList<>(theirs.subList(0, theirs.size() - 1));
                theirs.add(NEVER_CLOSED);
            }
            assertEquals(theirs, ours, () -> "of " + text);
        }
    }

    /** The rows as wide as the header up to the first mistake; "!" stands for it. */
    private static List<List<String>> ours(String text) {
        List<List<String>> all = new ArrayList<>();
        RowSource rows = csv(text);
        try {
            for (Row row = rows.next(); row != null; row = rows.next()) {
                all.add(List.of(row.text("h"), row.text("i")));
            }
        } catch (UserError e) {
            all.add(e.getMessage().contains("is never closed") ? NEVER_CLOSED : List.of("!"));
        }
        return all;
    }

    private static List<List<String>> fastCsv(String text) {
        List<List<String>> all = new ArrayList<>();
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(text)) {
            for (CsvRecord row : reader) {
                if (row.getFieldCount() != 2) {
                    throw new IllegalStateException("ragged");
                }
                all.add(row.getFields());
            }
        } catch (RuntimeException | java.io.IOException e) {
            all.add(List.of("!"));
        }
        return all.get(0).get(0).equals("h") ? all.subList(1, all.size()) : all;
    }

    private static void assertRow(RowSource rows, long line, String a, String b) {
        Row row = rows.next();
        assertEquals(List.of(a, b), List.of(row.text("a"), row.text("b")));
        assertEquals(line, row.line());
    }

    private static void assertError(RowSource rows, DropReason reason, String message) {
        RowError error = assertThrows(RowError.class, rows::next);
        assertEquals(message, error.getMessage());
        assertEquals(reason, error.reason());
    }

    private static String message(RowSource rows) {
        UserError error = assertThrows(UserError.class, rows::next);
        assertEquals(UserError.class, error.getClass());
        return error.getMessage();
    }

    private static RowSource csv(String text) {
        return open(text, Format.CSV);
    }

    private static RowSource open(String text, Format format) {
        return open(text.getBytes(StandardCharsets.UTF_8), format);
    }

    private static RowSource open(byte[] bytes, Format format) {
        return RowSources.open(new ByteArrayInputStream(bytes), "x.csv", format, ReadOptions.of(List.of(Column.text("a"))));
    }
}
