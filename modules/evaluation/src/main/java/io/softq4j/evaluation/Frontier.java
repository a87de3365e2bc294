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
 * Quality against diversity, over groups, samplers and seeds.
 *
 * <p>One temperature says little about a method: diversity can be bought with temperature at the price of quality, so a method is better where its
 * whole curve lies further up and to the right. For each group and sampler the means over seeds with their standard errors; the Pareto set of those
 * means; and for each group a {@link FrontierSummary}, against the baseline seed by seed, with intervals over seeds.
 *
 * @param quality   the y axis
 * @param diversity the x axis
 * @param baseline  the group that others are compared with
 * @param size      how much each point was measured on; null where it is not known
 * @param points    sorted by group (numbers in names by value), sampler, seed
 * @param cells     sorted by group, sampler
 * @param groups    sorted by group
 */
public record Frontier(FrontierAxis quality, FrontierAxis diversity, String baseline, FrontierSize size, List<FrontierPoint> points,
                       List<FrontierCell> cells, List<FrontierSummary> groups) {

    private static final Comparator<FrontierPoint> ORDER = Comparator.comparing(FrontierPoint::group, NaturalOrder.INSTANCE)
            .thenComparing(FrontierPoint::sampler).thenComparingLong(FrontierPoint::seed);

    public Frontier {
        points = List.copyOf(points);
        cells = List.copyOf(cells);
        groups = List.copyOf(groups);
    }

    /** Computes the frontier of numbers that need no turning. */
    public static Frontier of(String qualityName, String diversityName, Collection<FrontierPoint> points, String baseline) {
        return of(FrontierAxis.of(qualityName), FrontierAxis.of(diversityName), points, baseline);
    }

    /**
     * Computes the frontier; the same points in any order give the same bits.
     *
     * @param points   at least one; each (group, sampler, seed) once
     * @param baseline the group to compare with, such as {@code lambda=0}; without a point of it there are no gains
     */
    public static Frontier of(FrontierAxis quality, FrontierAxis diversity, Collection<FrontierPoint> points, String baseline) {
        NavigableMap<String, SeedTable> tables = new TreeMap<>(NaturalOrder.INSTANCE);
        points.forEach(point -> tables.computeIfAbsent(point.group(), group -> new SeedTable()).add(point));
        List<FrontierSummary> summaries = new ArrayList<>();
        tables.forEach((group, table) -> summaries.add(new FrontierComparison(quality, diversity, baseline, tables.get(baseline)).of(group, table)));
        return new Frontier(quality, diversity, baseline, null, points.stream().sorted(ORDER).toList(), cells(tables), summaries);
    }

    /** The same, with how much stands behind its points. */
    public Frontier of(FrontierSize measured) {
        return new Frontier(quality, diversity, baseline, measured, points, cells, groups);
    }

    private static List<FrontierCell> cells(NavigableMap<String, SeedTable> tables) {
        List<FrontierCell> cells = new ArrayList<>();
        tables.forEach((group, table) -> table.bySampler().forEach((sampler, bySeed) -> cells.add(new FrontierCell(group, sampler,
                Estimate.of(bySeed.values().stream().map(FrontierPoint::quality).toList()),
                Estimate.of(bySeed.values().stream().map(FrontierPoint::diversity).toList()), false))));
        return cells.stream()
                .map(cell -> new FrontierCell(cell.group(), cell.sampler(), cell.quality(), cell.diversity(),
                        cells.stream().noneMatch(other -> dominates(other, cell))))
                .toList();
    }

    /** Whether a is at least as good in both means, and better in one. */
    static boolean dominates(FrontierCell a, FrontierCell b) {
        double quality = a.quality().mean() - b.quality().mean();
        double diversity = a.diversity().mean() - b.diversity().mean();
        return quality >= 0 && diversity >= 0 && (quality > 0 || diversity > 0);
    }

    /** The samplers that were tried, in their order. */
    public List<SamplerPoint> samplers() {
        return cells.stream().map(FrontierCell::sampler).distinct().sorted().toList();
    }

    /** The seeds that were trained, in their order. */
    public List<Long> seeds() {
        return points.stream().map(FrontierPoint::seed).distinct().sorted().toList();
    }

    /** The cells of one group, in the order of their samplers. */
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
