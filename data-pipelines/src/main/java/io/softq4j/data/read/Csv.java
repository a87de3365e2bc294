package io.softq4j.data.read;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.UserError;
import io.softq4j.data.row.DropReason;
import io.softq4j.data.row.Row;
import io.softq4j.data.row.RowError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Comma-separated values (RFC 4180) with a header, or separated by another character: fields in quotes may hold separators, line ends and
 * quotes written twice; lines end with LF, CRLF or CR; blank ones are passed over. Every value is text.
 *
 * <p>A parser of its own because of what goes wrong in corpora: an offset for bytes that are not UTF-8, the line where a quote opened, and
 * a row too long for memory that is passed over.
 */
final class Csv implements RowSource {

    private static final String UNNAMED = "Unnamed: 0";

    private final CsvScanner scanner;
    private final String file;
    private final char separator;
    private List<String> header;

    Csv(ByteWindow window, char separator) {
        this.scanner = new CsvScanner(window, (byte) separator);
        this.file = window.in().name();
        this.separator = separator;
    }

    /** {@inheritDoc} */
    @Override
    public Row next() {
        if (header == null) {
            header = readHeader();
        }
        if (header.isEmpty() || !scanner.next()) {
            return null;
        }
        if (scanner.error() != null) {
            throw scanner.error();
        }
        scanner.requireUtf8();
        if (scanner.fields() != header.size()) {
            throw new RowError(DropReason.RAGGED_ROW, file, scanner.line(), "the row has " + scanner.fields() + " fields, the header has "
                    + header.size() + " " + header + ". The likely cause is a " + separatorName() + " or a line end in a field without quotes around it; "
                    + "the row begins: " + shown());
        }
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < header.size(); i++) {
            row.put(header.get(i), scanner.text(i));
        }
        return new Row(file, scanner.line(), row);
    }

    private List<String> readHeader() {
        if (!scanner.next()) {
            return List.of();
        }
        try {
            if (scanner.error() != null) {
                throw scanner.error();
            }
            scanner.requireUtf8();
        } catch (RowError e) {
            throw new UserError(e.getMessage() + " (this is the header, without which no row can be read)", e);
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < scanner.fields(); i++) {
            names.add(scanner.text(i));
        }
        if (!names.isEmpty() && names.get(0).isBlank() && names.size() > 1) {
            names.set(0, UNNAMED);   // the index that pandas writes unless told not to, under the name it reads it back with
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).isBlank()) {
                throw new UserError(header() + "column " + (i + 1) + " of the header has no name; the header is " + names
                        + ". The first line must name each column");
            }
            if (!seen.add(names.get(i))) {
                throw new UserError(header() + "two columns have the name \"" + names.get(i) + "\"; the header is " + names
                        + ". The first line must name each column; is it a row?");
            }
        }
        return Collections.unmodifiableList(names);
    }

    private String header() {
        return file + ":" + scanner.line() + ": ";
    }

    private String separatorName() {
        return separator == ',' ? "comma" : separator == '\t' ? "tab" : "'" + separator + "'";
    }

    private String shown() {
        byte[] start = scanner.start(60);
        String text = new String(start, StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        return (end < 0 ? text : text.substring(0, end)).replace("\uFFFD", "").strip();
    }

    @Override
    public long bytesRead() {
        return scanner.in().bytesRead();
    }

    @Override
    public void close() throws IOException {
        scanner.close();
    }
}
