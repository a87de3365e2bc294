package io.softq4j.data;

import io.softq4j.tokens.store.RowCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Counts what becomes of rows. A row is named by file and line, without directories: the same corpus elsewhere gives the same store. */
final class RowTally {

    private static final int FIRST = 5;

    private static final class Bin {
        private long count;
        private final List<String> first = new ArrayList<>();

        void add(Supplier<String> where) {
            count++;
            if (first.size() < FIRST) {
                first.add(where.get());
            }
        }

        RowCounts.Rows rows() {
            return new RowCounts.Rows(count, first);
        }
    }

    private long kept;
    private final Bin cut = new Bin();
    private final TreeMap<String, Bin> dropped = new TreeMap<>();

    void kept() {
        kept++;
    }

    void cut(Supplier<String> where) {
        kept++;
        cut.add(where);
    }

    void dropped(String reason, Supplier<String> where) {
        dropped.computeIfAbsent(reason, r -> new Bin()).add(where);
    }

    RowCounts counts() {
        TreeMap<String, RowCounts.Rows> reasons = new TreeMap<>();
        dropped.forEach((reason, bin) -> reasons.put(reason, bin.rows()));
        long lost = reasons.values().stream().mapToLong(RowCounts.Rows::count).sum();
        return new RowCounts(kept + lost, kept, reasons, cut.rows());
    }
}
