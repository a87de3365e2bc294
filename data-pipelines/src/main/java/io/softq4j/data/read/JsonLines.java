package io.softq4j.data.read;

import io.softq4j.data.row.DropReason;
import io.softq4j.data.row.Row;
import io.softq4j.data.row.RowError;
import java.io.IOException;

/**
 * JSON Lines, one object a line (jsonlines.org): UTF-8, with or without a byte order mark, lines ended by LF or CRLF; blank lines are
 * passed over. A line is parsed where it lies in the buffer: this is the path that every row of a large corpus takes.
 */
final class JsonLines implements RowSource {

    private final Lines lines;
    private final JsonObjects objects;
    private final String expected;

    JsonLines(ByteWindow window, ReadOptions options) {
        lines = new Lines(window);
        expected = "one object a line, such as " + options.exampleRow();
        objects = new JsonObjects(window.in().name(), "line", expected);
    }

    /** {@inheritDoc} */
    @Override
    public Row next() {
        String file = lines.in().name();
        while (lines.next()) {
            if (lines.tooLong()) {
                throw new RowError(DropReason.ROW_TOO_LONG, file, lines.number(), "the line is longer than " + (LONGEST_ROW >> 20)
                        + " MiB; expected " + expected + ". Is this a JSON Lines file?");
            }
            if (!lines.blank()) {
                lines.requireUtf8();
                return new Row(file, lines.number(), objects.parse(lines.bytes(), lines.from(), lines.to(), lines.number(), ""));
            }
        }
        return null;
    }

    @Override
    public long bytesRead() {
        return lines.in().bytesRead();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
