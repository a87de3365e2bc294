package io.softq4j.evaluation;

import java.util.Collection;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeSet;

/**
 * The rows that prompts were taken from.
 *
 * @param files in their order
 * @param rows  their numbers, from 1 and on from file to file, such as {@code "1-20, 25"}
 */
public record EvaluatedRows(List<Origin> files, String rows) {

    public EvaluatedRows {
        files = List.copyOf(files);
    }

    /** Rows by their numbers, in any order. */
    public static EvaluatedRows of(List<Origin> files, Collection<Long> numbers) {
        StringJoiner ranges = new StringJoiner(", ");
        Long first = null;
        Long last = null;
        for (Long number : new TreeSet<>(numbers)) {
            if (last != null && number == last + 1) {
                last = number;
                continue;
            }
            add(ranges, first, last);
            first = number;
            last = number;
        }
        add(ranges, first, last);
        return new EvaluatedRows(files, ranges.toString());
    }

    private static void add(StringJoiner ranges, Long first, Long last) {
        if (first != null) {
            ranges.add(first.equals(last) ? first.toString() : first + "-" + last);
        }
    }
}
