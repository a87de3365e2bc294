package io.softq4j.cli.terminal;

import io.softq4j.evaluation.TerminalTable;
import io.softq4j.graph.machine.MachinePeak;
import io.softq4j.graph.plan.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A {@link Profile} as a table, with the rates this machine reached in products and in copying as measures. */
public final class ProfileTable {

    private ProfileTable() {
    }

    /** Measures the machine, a few seconds, and draws the table. */
    public static String of(Profile profile) {
        return of(profile, MachinePeak.product(), MachinePeak.copy());
    }

    /**
     * Draws the table.
     *
     * @param product floating-point operations a second of this machine's best product; an op of the profile that was faster is the best
     * @param copy    bytes a second of its best copy
     */
    static String of(Profile profile, double product, double copy) {
        if (profile.rows().isEmpty()) {
            return "no profile: it begins with the third step, and there was none\n";
        }
        double peak = profile.rows().stream().mapToDouble(row -> 1e9 * row.gigaflops()).reduce(product, Math::max);
        List<List<String>> rows = new ArrayList<>();
        for (Profile.Row row : profile.rows()) {
            rows.add(List.of(row.kind(), number(row.calls()), decimal(row.nanos() / 1e6 / row.calls()), percent((double) row.nanos() / profile.nanos()),
                    decimal(row.gigaflops()), percent(1e9 * row.gigaflops() / peak), decimal(row.gigabytes()),
                    percent(1e9 * row.gigabytes() / copy)));
        }
        return new TerminalTable(List.of("op", "calls", "ms a call", "time", "GFLOP/s", "of peak", "GB/s", "of peak"), rows)
                + String.format(Locale.ROOT, "peak here and now: products %.0f GFLOP/s, copying %.1f GB/s. A rate counts every operand once; what stays"
                        + " in a cache can exceed the copy.%n", peak / 1e9, copy / 1e9);
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }
}
