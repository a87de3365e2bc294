package io.softq4j.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.data.row.Column;
import io.softq4j.data.row.DropReason;
import io.softq4j.data.row.Row;
import io.softq4j.data.row.RowError;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonFileTest {

    @Test
    void aListIsReadElementByElement() {
        RowSource rows = json("\uFEFF [\n {\"a\": \"[1, }\\\" \\\\\"},{\"a\":{\"b\":[1,{}]}} ,\n\n{\"a\": \"é😀\\u0000\"}\r\n]\n");
        assertRow(rows, 1, "{\"a\":\"[1, }\\\" \\\\\"}");
        assertRow(rows, 2, "{\"a\":{\"b\":[1,{}]}}");
        assertRow(rows, 3, "{\"a\":\"é😀\\u0000\"}");
        assertNull(rows.next());
        assertNull(rows.next());
    }

    @Test
    void anObjectMayHoldTheListAmongOtherThings() {
        RowSource rows = json("{\n \"version\": \"1]\", \"labels\": [\"x\"], \"info\": {\"data\": [{}]},\n \"data\": [\n  {\"a\": 1},\n  {\"a\": 2}\n ],\n \"n\": 2\n}\n");
        assertRow(rows, 1, "{\"a\":1}");
        assertRow(rows, 2, "{\"a\":2}");
        assertNull(rows.next());
    }

    @Test
    void objectsThatAreALineEachAreJsonLines() {
        RowSource rows = json("{\"messages\": [{\"a\": \"}\"}]}\n{oops}\n\n{\"a\": 2}");
        assertRow(rows, 1, "{\"messages\":[{\"a\":\"}\"}]}");
        assertError(rows, DropReason.MALFORMED_JSON, "x.json:2: this is not JSON: unexpected character 'o'");
        assertRow(rows, 4, "{\"a\":2}");
        assertNull(rows.next());
    }

    @Test
    void anEmptyFileOrListHasNoRows() {
        assertNull(json("").next());
        assertNull(json(" \n").next());
        assertNull(json("[]").next());
        assertNull(json("[ \n ]").next());
        assertNull(json("{\n\"n\": 0, \"data\": [ ]}").next());
    }

    @Test
    void readingGoesOnBehindAnElementThatIsNoObject() {
        RowSource rows = json("[{\"a\": 1},\n{oops},\n 7, \"x,]\", [1, {\"a\": 2}], null, {\"a\": 1, \"a\": 2},\n{\"a\": 3} {\"a\": 4},{\"a\": 5},]");
        assertRow(rows, 1, "{\"a\":1}");
        assertError(rows, DropReason.MALFORMED_JSON, "x.json:2: element 2 in line 2: this is not JSON: unexpected character 'o', expected a name in double quotes at column 2. "
                + "Expected a list of objects, such as [{\"a\": \"...\"}]; the element is: {oops}");
        assertError(rows, DropReason.MALFORMED_JSON, "x.json:3: element 3 in line 3: this is JSON, but a number and no object. Expected a list");
        assertError(rows, DropReason.MALFORMED_JSON, "x.json:4: element 4 in line 3: this is JSON, but a string and no object");
        assertError(rows, DropReason.MALFORMED_JSON, "x.json:5: element 5 in line 3: this is JSON, but a list and no object");
        assertError(rows, DropReason.MALFORMED_JSON, "x.json:6: element 6 in line 3: this is JSON, but a null and no object");
        assertError(rows, DropReason.MALFORMED_JSON, "x.json:7: element 7 in line 3: this is not JSON: key 'a' appears twice");
        assertRow(rows, 8, "{\"a\":3}");
        assertError(rows, DropReason.MALFORMED_JSON, "x.json:9: in line 4, at offset 78: this is not JSON: there is no comma before this element");
        assertRow(rows, 10, "{\"a\":5}");
        assertError(rows, DropReason.MALFORMED_JSON, "x.json:11: in line 4, at offset 96: this is not JSON: a comma before the end of the list");
        assertNull(rows.next());
    }

    @Test
    void aFileCutOffIsSaid() {
        RowSource rows = json("[{\"a\": 1},\n{\"a\": \"x");
        assertRow(rows, 1, "{\"a\":1}");
        assertEquals("x.json:2: at offset 19: the file ends inside a value, element 2 of the list. It was cut off, or a quote or bracket is never closed",
                message(rows));
        RowSource between = json("[{\"a\": 1},\n");
        assertRow(between, 1, "{\"a\":1}");
        assertEquals("x.json:2: at offset 11: the file ends inside the list, behind element 1. It was cut off, or a bracket is never closed", message(between));
        assertEquals("x.json:2: at offset 2: the file ends inside the object. It was cut off, or a bracket is never closed", message(json("{\n")));
    }

    @Test
    void whatIsNoListOfObjectsIsSaid() {
        assertEquals("x.json: this is one object with [b, c] and has no list of objects in it. Expected a list of objects, or one object a line",
                message(json("{\"b\": 1,\n\"c\": [1]}")));
        RowSource two = json("{\n\"x\": [{\"a\": 1}],\n\"y\": [{\"a\": 2}]}");
        assertRow(two, 1, "{\"a\":1}");
        assertEquals("x.json:3: at offset 24: there are two lists of objects in the file, \"x\" and \"y\", and no telling which is the corpus. "
                + "Write one into a file of its own, for example with jq '.x'", message(two));
        RowSource behind = json("[{\"a\": 1}]\n[{\"a\": 2}]");
        assertRow(behind, 1, "{\"a\":1}");
        assertEquals("x.json:2: at offset 11: there is more behind the end of the JSON. A list of objects, or one object a line, is read; "
                + "not one list after the other", message(behind));
        assertEquals("x.json:2: at offset 2: this is not JSON: a name in quotes is missing. Expected a list of objects, or one object a line",
                message(json("{\na: 1}")));
        assertEquals("x.json:2: at offset 6: this is not JSON: there is no : behind the name \"a\". Expected a list of objects, or one object a line",
                message(json("{\n\"a\" 1}")));
    }

    @Test
    void anElementTooLongForMemoryIsPassedOver() {
        InputStream in = Endless.then("[{\"a\": \"", 200L << 20, "\\\"\"}, {\"a\": 2}]");
        RowSource rows = RowSources.open(in, "x.json", Format.JSON, ReadOptions.of(List.of()));
        assertError(rows, DropReason.ROW_TOO_LONG, "x.json:1: in line 1, at offset 1: the element is longer than 64 MiB. "
                + "A list of objects is read; is the list within another one, or a quote never closed?");
        assertRow(rows, 2, "{\"a\":2}");
        assertNull(rows.next());
    }

    @Test
    void bytesThatAreNotUtf8AreNamedByOffset() {
        RowSource rows = open("[{\"a\": \"\u00e9\"}, {\"a\": 2}]".getBytes(StandardCharsets.ISO_8859_1));
        assertError(rows, DropReason.INVALID_UTF8, "x.json:1: byte 0xE9 at offset 8 of the file is not UTF-8; the file is probably Latin-1.");
        assertRow(rows, 2, "{\"a\":2}");
    }

    @Test
    void whatNestsTooDeeplyOrHasTooLongANumberIsAnErrorOfItsRow() {
        String deep = "{\"a\":" + "[".repeat(2000) + "]".repeat(2000) + "}";
        RowSource rows = json(deep + "\n{\"a\":" + "1".repeat(2000) + "}\n{\"a\": 1}\n");
        assertError(rows, DropReason.MALFORMED_JSON, "x.json:1: this is not JSON: it nests deeper than 1000 levels");
        assertError(rows, DropReason.MALFORMED_JSON, "x.json:2: this is not JSON: a number has more than 1000 digits");
        assertRow(rows, 3, "{\"a\":1}");
        RowSource list = json("[" + deep + ",{\"a\":1}]");
        assertError(list, DropReason.MALFORMED_JSON, "x.json:1: element 1 in line 1: this is not JSON: it nests deeper than 1000 levels");
        assertRow(list, 2, "{\"a\":1}");
    }

    private static void assertRow(RowSource rows, long number, String object) {
        Row row = rows.next();
        assertEquals(object, row.object().toString());
        assertEquals(number, row.line());
    }

    private static void assertError(RowSource rows, DropReason reason, String message) {
        RowError error = assertThrows(RowError.class, rows::next);
        assertTrue(error.getMessage().startsWith(message), error.getMessage());
        assertEquals(reason, error.reason());
    }

    private static String message(RowSource rows) {
        UserError error = assertThrows(UserError.class, rows::next);
        assertEquals(UserError.class, error.getClass());
        return error.getMessage();
    }

    private static RowSource json(String text) {
        return open(text.getBytes(StandardCharsets.UTF_8));
    }

    private static RowSource open(byte[] bytes) {
        return RowSources.open(new ByteArrayInputStream(bytes), "x.json", Format.JSON, ReadOptions.of(List.of(Column.text("a"))));
    }
}
