package io.softq4j.graph.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Time by kind of op, added up over runs of any number of plans. Not safe for use by several threads at once. */
public final class Profile {

    /**
     * One kind of op.
     *
     * @param kind    such as {@code Linear} or {@code Attention.Gradient}
     * @param calls   how often it ran
     * @param nanos   time in all
     * @param flops   floating-point operations in all
     * @param traffic bytes in all, each operand counted once
     */
    public record Row(String kind, long calls, long nanos, long flops, long traffic) {

        Row plus(long moreNanos, long moreFlops, long moreTraffic) {
            return new Row(kind, calls + 1, nanos + moreNanos, flops + moreFlops, traffic + moreTraffic);
        }

        /** 10^9 floating-point operations a second. */
        public double gigaflops() {
            return nanos == 0 ? 0 : (double) flops / nanos;
        }

        /** 10^9 bytes a second. */
        public double gigabytes() {
            return nanos == 0 ? 0 : (double) traffic / nanos;
        }
    }

    private final Map<String, Row> rows = new TreeMap<>();

    /** Adds one call. */
    public void add(String kind, long nanos, long flops, long traffic) {
        rows.merge(kind, new Row(kind, 1, nanos, flops, traffic), (old, one) -> old.plus(nanos, flops, traffic));
    }

    /** The kinds, the one that takes longest first. */
    public List<Row> rows() {
        List<Row> sorted = new ArrayList<>(rows.values());
        sorted.sort(Comparator.comparingLong((Row row) -> -row.nanos()));
        return sorted;
    }

    /** Time of all kinds. */
    public long nanos() {
        return rows.values().stream().mapToLong(Row::nanos).sum();
    }
}
