package io.softq4j.data.read;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.softq4j.data.row.DropReason;
import io.softq4j.data.row.Row;
import io.softq4j.data.row.RowError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Plain text in UTF-8: rows with one column, {@value #COLUMN}. A line or paragraph comes without the line end behind it, and with LF
 * between its lines; a document as it is.
 */
final class PlainText implements RowSource {

    static final String COLUMN = "text";

    private final ByteWindow window;
    private final Lines lines;
    private final SampleBy sampleBy;
    private boolean read;

    PlainText(ByteWindow window, SampleBy sampleBy) {
        this.window = window;
        this.lines = new Lines(window);
        this.sampleBy = sampleBy;
    }

    /** {@inheritDoc} */
    @Override
    public Row next() {
        return switch (sampleBy) {
            case LINE -> line();
            case PARAGRAPH -> paragraph();
            case DOCUMENT -> document();
        };
    }

    private Row line() {
        while (lines.next()) {
            requireShort(lines.tooLong(), lines.number());
            if (!lines.blank()) {
                lines.requireUtf8();
                return row(lines.number(), new String(lines.bytes(), lines.from(), lines.to() - lines.from(), StandardCharsets.UTF_8));
            }
        }
        return null;
    }

    private Row paragraph() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        long first = 0;
        boolean tooLong = false;
        RowError wrong = null;
        while (lines.next() && !(first > 0 && isBlank())) {
            if (isBlank()) {
                continue;
            }
            if (first == 0) {
                first = lines.number();
            } else {
                text.write('\n');
            }
            tooLong |= lines.tooLong() || text.size() + lines.to() - lines.from() > LONGEST_ROW;
            if (tooLong) {
                text.reset();
                continue;
            }
            wrong = wrong == null ? notUtf8() : wrong;
            text.write(lines.bytes(), lines.from(), lines.to() - lines.from());
        }
        if (wrong != null) {
            throw wrong;
        }
        requireShort(tooLong, first);
        return first == 0 ? null : row(first, text.toString(StandardCharsets.UTF_8));
    }

    private boolean isBlank() {
        return !lines.tooLong() && lines.blank();
    }

    /** Told behind the paragraph, so that reading goes on there. */
    private RowError notUtf8() {
        try {
            lines.requireUtf8();
            return null;
        } catch (RowError e) {
            return e;
        }
    }

    private Row document() {
        if (read) {
            return null;
        }
        read = true;
        long offset = window.offset();
        while (window.to - window.from <= LONGEST_ROW && window.more()) {
            continue;
        }
        requireShort(window.to - window.from > LONGEST_ROW, 1);
        Utf8.require(window.bytes, window.from, window.to, window.in(), 1, offset);
        String text = new String(window.bytes, window.from, window.to - window.from, StandardCharsets.UTF_8);
        return text.isBlank() ? null : row(1, text);
    }

    private void requireShort(boolean tooLong, long line) {
        if (tooLong) {
            String unit = sampleBy.name().toLowerCase(Locale.ROOT);
            throw new RowError(DropReason.ROW_TOO_LONG, window.in().name(), line, "the " + unit + " is longer than " + (LONGEST_ROW >> 20) + " MiB. "
                    + (sampleBy == SampleBy.DOCUMENT ? "Split the file, or set sample_by to line or paragraph" : "Is this a text file?"));
        }
    }

    private Row row(long line, String text) {
        return new Row(window.in().name(), line, JsonNodeFactory.instance.objectNode().put(COLUMN, text));
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
