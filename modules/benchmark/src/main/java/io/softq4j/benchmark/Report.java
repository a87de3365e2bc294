package io.softq4j.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.softq4j.evaluation.TerminalTable;
import java.util.List;
import java.util.Locale;

/**
 * The rows as text and as JSON.
 *
 * @param rows in the order they were measured
 */
record Report(List<Row> rows) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final List<String> HEADER = List.of("measure", "ours", "peer", "unit", "ratio", "goal", "met", "note");

    Report {
        rows = List.copyOf(rows);
    }

    /** A table for a terminal. */
    String table() {
        return new TerminalTable(HEADER, rows.stream().map(row -> List.of(row.measure(), number(row.ours()), number(row.peer()), row.unit(),
                String.format(Locale.ROOT, "%.3f", row.ratio()), row.goal(), row.met() ? "yes" : "no", row.note())).toList()).toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.3f", value);
    }

    /** An array of the rows. */
    String json() {
        try {
            return JSON.writeValueAsString(rows) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("rows are always writable", e);
        }
    }
}
