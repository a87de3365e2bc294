package io.softq4j.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Rows of text in aligned columns, for a terminal: a header, a rule, the rows. Columns of numbers are aligned right, others left. A cell that is
 * empty in the middle of a table reads better as {@code -}, which counts as a number.
 *
 * @param header names of the columns
 * @param rows   as many cells as the header each, without line breaks
 */
public record TerminalTable(List<String> header, List<List<String>> rows) {

    private static final Pattern NUMBER = Pattern.compile("-|[-+]?[0-9][0-9.,]*([eE][-+]?[0-9]+)?%?( \u00b1 [0-9.]+| \\[.*\\])?");

    public TerminalTable {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != header.size()) {
                throw new IllegalArgumentException("a row of " + row.size() + " cells under a header of " + header.size() + ": " + row);
            }
        }
    }

    /** The table, each line ended by {@code \n}, no trailing blanks. */
    @Override
    public String toString() {
        int[] width = new int[header.size()];
        boolean[] right = new boolean[header.size()];
        for (int column = 0; column < width.length; column++) {
            int c = column;
            width[c] = Math.max(width(header.get(c)), rows.stream().mapToInt(row -> width(row.get(c))).max().orElse(0));
            right[c] = !rows.isEmpty() && rows.stream().allMatch(row -> NUMBER.matcher(row.get(c)).matches());
        }
        List<String> rule = new ArrayList<>();
        for (int w : width) {
            rule.add("-".repeat(w));
        }
        StringBuilder out = new StringBuilder();
        append(out, header, width, right);
        append(out, rule, width, right);
        rows.forEach(row -> append(out, row, width, right));
        return out.toString();
    }

    private static void append(StringBuilder out, List<String> cells, int[] width, boolean[] right) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < width.length; c++) {
            String blanks = " ".repeat(width[c] - width(cells.get(c)));
            line.append(c == 0 ? "" : "  ").append(right[c] ? blanks + cells.get(c) : cells.get(c) + blanks);
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
