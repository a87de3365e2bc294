package io.softq4j.evaluation;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Quality against diversity, over groups, temperatures and seeds.
 *
 * <p>One temperature says little about a method: diversity can be bought with temperature at the price of quality, so a method is better where its
 * whole curve lies further up and to the right. For each group and temperature the means over seeds with their standard errors; the Pareto set of
 * those means; and for each group a {@link FrontierSummary}, against the baseline seed by seed, with intervals over seeds.
 *
 * @param qualityName   what quality is, such as {@code accuracy}; the y axis
 * @param diversityName what diversity is, such as {@code 100 - Self-BLEU}; the x axis
 * @param baseline      the group that others are compared with
 * @param points        sorted by group (numbers in names by value), temperature, seed
 * @param cells         sorted by group, temperature
 * @param groups        sorted by group
 */
public record Frontier(String qualityName, String diversityName, String baseline, List<FrontierPoint> points, List<FrontierCell> cells,
                       List<FrontierSummary> groups) {

    private static final Comparator<FrontierPoint> ORDER = Comparator.comparing(FrontierPoint::group, NaturalOrder.INSTANCE)
            .thenComparingDouble(FrontierPoint::temperature).thenComparingLong(FrontierPoint::seed);

    public Frontier {
        points = List.copyOf(points);
        cells = List.copyOf(cells);
        groups = List.copyOf(groups);
    }

    /**
     * Computes the frontier; the same points in any order give the same bits.
     *
     * @param points   at least one; each (group, temperature, seed) once
     * @param baseline the group to compare with, such as {@code lambda=0}; without a point of it there are no gains
     */
    public static Frontier of(String qualityName, String diversityName, Collection<FrontierPoint> points, String baseline) {
        NavigableMap<String, SeedTable> tables = new TreeMap<>(NaturalOrder.INSTANCE);
        points.forEach(point -> tables.computeIfAbsent(point.group(), group -> new SeedTable()).add(point));
        SeedTable base = tables.get(baseline);
        List<FrontierSummary> summaries = new ArrayList<>();
        tables.forEach((group, table) -> summaries.add(summary(group, table, baseline, base, qualityName)));
        return new Frontier(qualityName, diversityName, baseline, points.stream().sorted(ORDER).toList(), cells(tables), summaries);
    }

    private static FrontierSummary summary(String group, SeedTable table, String baseline, SeedTable base, String qualityName) {
        Interval hypervolume = table.interval(table, (curve, same) -> curve.hypervolume());
        if (table == base) {
            return new FrontierSummary(group, hypervolume, null, null, null, null);
        }
        if (base == null) {
            return new FrontierSummary(group, hypervolume, null, null, null, "no gain is computed: the baseline, " + baseline + ", has no result");
        }
        if (!table.hasQuality() || !base.hasQuality()) {
            String without = table.hasQuality() ? baseline : base.hasQuality() ? group : group + " and " + baseline;
            return new FrontierSummary(group, hypervolume, null, null, null, "no gain is computed: " + qualityName + " is 0 for " + without
                    + " at every temperature, so nothing was right that could be compared");
        }
        Interval quality = table.interval(base, FrontierCurve::qualityGain);
        Interval diversity = table.interval(base, FrontierCurve::diversityGain);
        String apart = quality == null && diversity == null ? "neither diversity nor quality" : quality == null ? "no diversity" : "no quality";
        return new FrontierSummary(group, hypervolume, table.interval(base, (curve, other) -> curve.hypervolume() - other.hypervolume()), quality,
                diversity, quality != null && diversity != null ? null : "a gain is missing: the curves have " + apart + " in common");
    }

    private static List<FrontierCell> cells(NavigableMap<String, SeedTable> tables) {
        List<FrontierCell> cells = new ArrayList<>();
        tables.forEach((group, table) -> table.byTemperature().forEach((temperature, bySeed) -> cells.add(new FrontierCell(group, temperature,
                Estimate.of(bySeed.values().stream().map(FrontierPoint::quality).toList()),
                Estimate.of(bySeed.values().stream().map(FrontierPoint::diversity).toList()), false))));
        return cells.stream()
                .map(cell -> new FrontierCell(cell.group(), cell.temperature(), cell.quality(), cell.diversity(),
                        cells.stream().noneMatch(other -> dominates(other, cell))))
                .toList();
    }

    private static boolean dominates(FrontierCell a, FrontierCell b) {
        double quality = a.quality().mean() - b.quality().mean();
        double diversity = a.diversity().mean() - b.diversity().mean();
        return quality >= 0 && diversity >= 0 && (quality > 0 || diversity > 0);
    }

    /** The cells of one group, in the order of temperature. */
    public List<FrontierCell> cells(String group) {
        return cells.stream().filter(cell -> cell.group().equals(group)).toList();
    }

    public String toJson() {
        return ReportFiles.write(this);
    }

    /** Writes JSON, whole or not at all. */
    public void write(Path file) {
        AtomicFiles.writeString(file, toJson());
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws UserError naming the file, and the line where it is malformed
     */
    public static Frontier read(Path file) {
        return ReportFiles.read(file, Frontier.class, "a frontier");
    }
}
