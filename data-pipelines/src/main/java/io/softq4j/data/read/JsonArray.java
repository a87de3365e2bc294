package io.softq4j.data.read;

import io.softq4j.common.UserError;
import io.softq4j.data.row.DropReason;
import io.softq4j.data.row.Row;
import io.softq4j.data.row.RowError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A JSON array of objects, element by element; or an object with one such array in it, as {@code {"version": 1, "data": [...]}}. The ends
 * of elements are found by counting brackets outside of strings, so that reading goes on behind an element that is no JSON.
 *
 * <p>The line of a {@link Row} is the number of its element, from 1: many such files are one line.
 */
final class JsonArray implements RowSource {

    private enum Where { BEFORE, IN_OBJECT, IN_ARRAY, BEHIND }

    private final ByteWindow window;
    private final String file;
    private final JsonObjects objects;
    private final List<String> fields = new ArrayList<>();
    /** The name of the array within an object; null if there is none. */
    private String array;
    /** Whether the object has a list of nothing, which may be that of no rows. */
    private boolean emptyList;
    private boolean wrapped;
    private Where where = Where.BEFORE;
    private long element;
    private long line = 1;
    private boolean comma = true;
    private boolean tooLong;

    JsonArray(ByteWindow window, ReadOptions options) {
        this.window = window;
        file = window.in().name();
        objects = new JsonObjects(file, "element", "a list of objects, such as [" + options.exampleRow() + "]");
    }

    /** {@inheritDoc} */
    @Override
    public Row next() {
        while (true) {
            switch (where) {
                case BEFORE -> begin();
                case IN_OBJECT -> findArray();
                case IN_ARRAY -> {
                    Row row = element();
                    if (row != null) {
                        return row;
                    }
                }
                case BEHIND -> {
                    if (space() >= 0) {
                        throw new UserError(at() + "there is more behind the end of the JSON. A list of objects, or one object a line, is read; "
                                + "not one list after the other");
                    }
                    return null;
                }
            }
        }
    }

    private void begin() {
        int first = space();
        if (first < 0) {
            where = Where.BEHIND;
        } else if (first == '[') {
            step();
            where = Where.IN_ARRAY;
        } else {
            step();
            wrapped = true;
            where = Where.IN_OBJECT;
        }
    }

    private Row element() {
        int first = space();
        if (first == ']') {
            String place = place();
            step();
            where = wrapped ? Where.IN_OBJECT : Where.BEHIND;
            if (comma && element > 0) {
                throw new RowError(DropReason.MALFORMED_JSON, file, element + 1, place + "this is not JSON: a comma before the end of the list");
            }
            return null;
        }
        if (first == ',' && !comma) {
            step();
            comma = true;
            return null;
        }
        requireMore(first);
        boolean apart = comma;
        comma = false;
        element++;
        long elementLine = line;
        long offset = window.offset();
        String place = place();
        int length = value(first);
        int from = window.from;
        consume(length);
        if (tooLong) {
            throw new RowError(DropReason.ROW_TOO_LONG, file, element, place + "the element is longer than " + (LONGEST_ROW >> 20)
                    + " MiB. A list of objects is read; is the list within another one, or a quote never closed?");
        }
        if (!apart) {
            throw new RowError(DropReason.MALFORMED_JSON, file, element, place + "this is not JSON: there is no comma before this element");
        }
        Utf8.require(window.bytes, from, from + length, window.in(), element, offset);
        return new Row(file, element, objects.parse(window.bytes, from, from + length, element, "element " + element + " in line " + elementLine + ": "));
    }

    /** Moves to the array of objects, or behind the object. */
    private void findArray() {
        int first = space();
        requireMore(first);
        if (first == ',') {
            step();
            first = space();
        }
        if (first == '}') {
            step();
            where = Where.BEHIND;
            if (array == null && !emptyList) {
                throw new UserError(file + ": this is one object with " + fields + " and has no list of objects in it. "
                        + "Expected a list of objects, or one object a line");
            }
            return;
        }
        String name = name(first);
        if (space() != ':') {
            throw notJson("there is no : behind the name \"" + name + "\"");
        }
        step();
        fields.add(name);
        first = space();
        requireMore(first);
        if (first == '[' && listOfObjects()) {
            if (array != null) {
                throw new UserError(at() + "there are two lists of objects in the file, \"" + array + "\" and \"" + name
                        + "\", and no telling which is the corpus. Write one into a file of its own, for example with jq '." + array + "'");
            }
            array = name;
            step();
            comma = true;
            where = Where.IN_ARRAY;
        } else {
            int length = value(first);
            emptyList |= first == '[' && !tooLong && new String(window.bytes, window.from + 1, length - 2, StandardCharsets.UTF_8).isBlank();
            consume(length);
        }
    }

    private String name(int first) {
        if (first != '"') {
            throw notJson("a name in quotes is missing");
        }
        int length = value(first);
        String name = new String(window.bytes, window.from, Math.min(length, 200), StandardCharsets.UTF_8);
        consume(length);
        return name.substring(1, Math.max(1, name.length() - 1));
    }

    private boolean listOfObjects() {
        for (int i = 1; ensure(i) && i < LONGEST_ROW; i++) {
            byte b = window.bytes[window.from + i];
            if (!isSpace(b)) {
                return b == '{';
            }
        }
        return false;
    }

    /** Length of the value that begins here with {@code first}; of one that is too long, what remains of it. */
    private int value(int first) {
        tooLong = false;
        return first == '{' || first == '[' ? nested() : first == '"' ? string(1) : scalar();
    }

    private int nested() {
        int depth = 0;
        int i = 0;
        while (true) {
            i = requireByte(i);
            switch (window.bytes[window.from + i++]) {
                case '"' -> i = string(i);
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    depth--;
                    if (depth == 0) {
                        return i;
                    }
                }
                default -> { }
            }
        }
    }

    /** From behind the opening quote to behind the closing one. */
    private int string(int from) {
        int i = from;
        while (true) {
            i = requireByte(i);
            byte b = window.bytes[window.from + i++];
            if (b == '"') {
                return i;
            }
            if (b == '\\') {
                i = requireByte(i) + 1;
            }
        }
    }

    private int scalar() {
        int i = 1;
        while (ensure(i)) {
            byte b = window.bytes[window.from + i];
            if (b == ',' || b == ']' || b == '}' || isSpace(b)) {
                break;
            }
            i = limit(i + 1);
        }
        return i;
    }

    /** Makes byte {@code i} of the value present; gives its index, which is lower where the value was too long to hold. */
    private int requireByte(int i) {
        if (!ensure(i)) {
            consume(window.to - window.from);
            throw new UserError(at() + "the file ends inside a value" + (element > 0 ? ", element " + element + " of the list" : "")
                    + ". It was cut off, or a quote or bracket is never closed");
        }
        return limit(i);
    }

    private int limit(int i) {
        if (i <= LONGEST_ROW) {
            return i;
        }
        consume(i);
        tooLong = true;
        return 0;
    }

    private boolean ensure(int i) {
        while (window.from + i >= window.to) {
            if (!window.more()) {
                return false;
            }
        }
        return true;
    }

    /** The next byte that is no white space, or -1. */
    private int space() {
        while (ensure(0)) {
            byte b = window.bytes[window.from];
            if (!isSpace(b)) {
                return b & 0xFF;
            }
            step();
        }
        return -1;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private void step() {
        consume(1);
    }

    private void consume(int n) {
        byte[] bytes = window.bytes;
        for (int i = window.from; i < window.from + n; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        window.from += n;
    }

    private void requireMore(int first) {
        if (first < 0) {
            throw new UserError(at() + "the file ends inside the " + (where == Where.IN_ARRAY ? "list, behind element " + element : "object")
                    + ". It was cut off, or a bracket is never closed");
        }
    }

    private UserError notJson(String what) {
        return new UserError(at() + "this is not JSON: " + what + ". Expected a list of objects, or one object a line");
    }

    private String place() {
        return "in line " + line + ", at offset " + window.offset() + ": ";
    }

    private String at() {
        return file + ":" + line + ": at offset " + window.offset() + ": ";
    }

    @Override
    public long bytesRead() {
        return window.in().bytesRead();
    }

    @Override
    public void close() throws IOException {
        window.close();
    }
}
