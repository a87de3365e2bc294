package io.softq4j.data.read;

import io.softq4j.common.UserError;
import io.softq4j.data.row.DropReason;
import io.softq4j.data.row.RowError;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds the rows of CSV and the fields in them, as bytes; one row is in memory. */
final class CsvScanner implements Closeable {

    private enum State {
        FIELD_START, PLAIN, QUOTED,
        /** Behind a quote in a quoted field: its end, or the first of two. */
        QUOTE,
        /** Behind what cannot be: on to the end of the line. */
        BROKEN
    }

    private static final int FIRST_FIELDS = 16;

    private final ByteWindow window;
    private final byte separator;
    private int rowLength;
    private long line;
    private long nextLine = 1;
    private long offset;
    private int fields;
    /** Of each field, from the start of the row; quotes around it left out. */
    private int[] starts = new int[FIRST_FIELDS];
    private int[] ends = new int[FIRST_FIELDS];
    private boolean[] doubledQuotes = new boolean[FIRST_FIELDS];
    private RowError error;
    private boolean tooLong;

    private State state;
    private int start;
    private int closingQuote;
    private boolean doubled;
    private long quoteLine;

    CsvScanner(ByteWindow window, byte separator) {
        this.window = window;
        this.separator = separator;
    }

    /**
     * Moves to the next row; false at the end of the file.
     *
     * @throws UserError if the file ends in a quoted field
     */
    boolean next() {
        window.from += rowLength;
        rowLength = 0;
        while (ensure(0)) {
            byte b = window.bytes[window.from];
            if (b != '\n' && b != '\r') {
                scan();
                return true;
            }
            // more() moves from, so its value is taken afterwards
            int n = lineEnd(0);
            window.from += n;
            nextLine++;
        }
        return false;
    }

    private void scan() {
        line = nextLine;
        offset = window.offset();
        fields = 0;
        error = null;
        tooLong = false;
        beginField(0);
        int i = 0;
        while (ensure(i)) {
            byte b = window.bytes[window.from + i];
            if (state != State.QUOTED && (b == '\n' || b == '\r')) {
                endField(i);
                nextLine++;
                finish(i + lineEnd(i));
                return;
            }
            step(b, i);
            i = limit(i + 1);
        }
        if (state == State.QUOTED) {
            throw new UserError(window.in().name() + ":" + quoteLine + ": the quote that opens field " + (fields + 1) + " in this line is never closed; "
                    + "the file ends inside the field. Close it, or write a quote that belongs to the text twice (\"\") in a field in quotes");
        }
        endField(i);
        finish(i);
    }

    private void step(byte b, int i) {
        switch (state) {
            case FIELD_START -> {
                if (b == '"') {
                    state = State.QUOTED;
                    quoteLine = nextLine;
                    start = i + 1;
                } else if (b == separator) {
                    nextField(i);
                } else {
                    state = State.PLAIN;
                }
            }
            case PLAIN -> {
                if (b == separator) {
                    nextField(i);
                }
            }
            case QUOTED -> {
                if (b == '"') {
                    state = State.QUOTE;
                    closingQuote = i;
                } else if (b == '\n') {
                    nextLine++;
                }
            }
            case QUOTE -> {
                if (b == '"') {
                    state = State.QUOTED;
                    doubled = true;
                } else if (b == separator) {
                    nextField(i);
                } else {
                    state = State.BROKEN;
                    error = new RowError(DropReason.MALFORMED_CSV, window.in().name(), line, "field " + (fields + 1) + " goes on behind its closing quote, "
                            + "in line " + nextLine + " at offset " + (window.offset() + i)
                            + ". A quote that belongs to the text is written twice (\"\") in a field in quotes");
                }
            }
            case BROKEN -> { }
        }
    }

    private void nextField(int i) {
        endField(i);
        beginField(i + 1);
    }

    private void beginField(int i) {
        state = State.FIELD_START;
        start = i;
        doubled = false;
    }

    private void endField(int i) {
        if (fields == starts.length) {
            starts = Arrays.copyOf(starts, 2 * fields);
            ends = Arrays.copyOf(ends, 2 * fields);
            doubledQuotes = Arrays.copyOf(doubledQuotes, 2 * fields);
        }
        starts[fields] = start;
        ends[fields] = state == State.QUOTE ? closingQuote : i;
        doubledQuotes[fields] = doubled;
        fields++;
    }

    private void finish(int length) {
        rowLength = length;
        if (tooLong) {
            error = new RowError(DropReason.ROW_TOO_LONG, window.in().name(), line, "the row is longer than " + (RowSource.LONGEST_ROW >> 20)
                    + " MiB; it ends in line " + (nextLine - 1) + ". Is a quote never closed, or is this no CSV file?");
        }
    }

    /** Gives up the bytes of a row that is too long, and what is known of its fields. */
    private int limit(int i) {
        if (i <= RowSource.LONGEST_ROW) {
            return i;
        }
        window.from += i;
        tooLong = true;
        fields = 0;
        start = 0;
        closingQuote = 0;
        return 0;
    }

    /** Length of the line end at {@code i}. */
    private int lineEnd(int i) {
        return window.bytes[window.from + i] == '\r' && ensure(i + 1) && window.bytes[window.from + i + 1] == '\n' ? 2 : 1;
    }

    private boolean ensure(int i) {
        while (window.from + i >= window.to) {
            if (!window.more()) {
                return false;
            }
        }
        return true;
    }

    /** What is wrong with the row, or null. */
    RowError error() {
        return error;
    }

    /** Where the row begins, from 1. */
    long line() {
        return line;
    }

    int fields() {
        return fields;
    }

    /** Field {@code i}, without its quotes. */
    String text(int i) {
        String text = new String(window.bytes, window.from + starts[i], ends[i] - starts[i], StandardCharsets.UTF_8);
        return doubledQuotes[i] ? text.replace("\"\"", "\"") : text;
    }

    /** The first {@code n} bytes of the row, or all. */
    byte[] start(int n) {
        return Arrays.copyOfRange(window.bytes, window.from, window.from + Math.min(n, rowLength));
    }

    /** @throws RowError if the row is not UTF-8 */
    void requireUtf8() {
        Utf8.require(window.bytes, window.from, window.from + rowLength, window.in(), line, offset);
    }

    CorpusInput in() {
        return window.in();
    }

    @Override
    public void close() throws IOException {
        window.close();
    }
}
