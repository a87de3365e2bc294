package io.softq4j.tokens.store;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of the rows of a corpus; nothing is lost without being counted here.
 *
 * @param read    rows seen
 * @param kept    rows in the store, those that were cut included
 * @param dropped rows left out, by reason
 * @param cut     rows in the store that lost their end
 */
public record RowCounts(long read, long kept, SortedMap<String, Rows> dropped, Rows cut) {

    /**
     * Some rows.
     *
     * @param count how many
     * @param first where the first of them are, such as {@code train.jsonl:17}
     */
    public record Rows(long count, List<String> first) {

        public Rows {
            first = List.copyOf(first);
        }
    }

    public RowCounts {
        dropped = Collections.unmodifiableSortedMap(new TreeMap<>(dropped));
        long lost = dropped.values().stream().mapToLong(Rows::count).sum();
        if (read != kept + lost) {
            throw new IllegalArgumentException(read + " rows read, " + kept + " kept and " + lost + " dropped");
        }
    }

    /** Every row kept whole. */
    public static RowCounts allKept(long rows) {
        return new RowCounts(rows, rows, new TreeMap<>(), new Rows(0, List.of()));
    }

    /** Number of rows left out. */
    public long droppedRows() {
        return read - kept;
    }
}
