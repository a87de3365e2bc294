package io.softq4j.data;

import io.softq4j.tokens.RowCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Counts what becomes of rows. */
final class RowTally {

    private static final int FIRST = 5;

    private static final class Bin {
        private long count;
        private final List<String> first = new ArrayList<>();

        void add(String where) {
            count++;
            if (first.size() < FIRST) {
                first.add(where);
            }
        }

        RowCounts.Rows rows() {
            return new RowCounts.Rows(count, first);
        }
    }

    private final String file;
    private long kept;
    private final Bin cut = new Bin();
    private final TreeMap<String, Bin> dropped = new TreeMap<>();

    /** Rows of {@code file}, a name without its directory: the same corpus elsewhere gives the same store. */
    RowTally(String file) {
        this.file = file;
    }

    void kept() {
        kept++;
    }

    void cut(long line) {
        kept++;
        cut.add(file + ":" + line);
    }

    void dropped(String reason, long line) {
        dropped.computeIfAbsent(reason, r -> new Bin()).add(file + ":" + line);
    }

    RowCounts counts() {
        TreeMap<String, RowCounts.Rows> reasons = new TreeMap<>();
        dropped.forEach((reason, bin) -> reasons.put(reason, bin.rows()));
        long lost = reasons.values().stream().mapToLong(RowCounts.Rows::count).sum();
        return new RowCounts(kept + lost, kept, reasons, cut.rows());
    }
}
