package io.softq4j.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/**
 * The picture of a {@link Frontier}: diversity to the right, quality upwards, a line for each group, told from the others by colour, marker and
 * dashes, the baseline dark. Where samplers differ in temperature alone the line goes through all of them; else through those of the group that no
 * other of the group is better than, and the rest are paler points. The broad band joins what nothing is better than. A star is the references' own
 * point; where only one of its coordinates is known, a fine line. Bars in both directions are one standard error over seeds; a single seed has none.
 * The ends of the baseline carry their sampler. Below stands what was measured.
 */
public final class FrontierPlot {

    /** Of the width and height that the lines take. */
    private static final double LABEL_LEFT = 0.045;
    private static final double LABEL_BELOW = 0.04;

    private static final String FRONTIER = "the frontier";
    private static final String REFERENCES = "references";

    private FrontierPlot() {
    }

    /**
     * Draws into {@code file}, PNG (1200 x 800) or SVG by its ending, whole or not at all. Needs no display.
     *
     * @throws io.softq4j.common.UserError if the ending is neither, if the file cannot be written, or if Java finds no fonts (with the packages to
     *     install)
     */
    public static void write(Frontier frontier, String title, Path file) {
        ChartFiles.write(() -> draw(frontier, title), file);
    }

    static XYChart draw(Frontier frontier, String title) {
        XYChart chart = ChartStyle.chart(title, frontier.diversity().label() + " (right is better)", frontier.quality().label() + " (up is better)");
        ChartStyle.caption(chart, caption(frontier));
        band(chart, frontier);
        int colour = 0;
        for (FrontierSummary summary : frontier.groups()) {
            List<FrontierCell> cells = frontier.cells(summary.group());
            List<FrontierCell> line = line(cells);
            XYSeries series = series(chart, summary.group(), line);
            if (summary.group().equals(frontier.baseline())) {
                ChartStyle.baseline(series);
            } else {
                ChartStyle.line(series, colour++);
            }
            List<FrontierCell> besides = cells.stream().filter(cell -> !line.contains(cell)).toList();
            if (!besides.isEmpty()) {
                ChartStyle.besides(series(chart, summary.group() + " besides", besides), series);
            }
            bars(chart, line, series);
        }
        references(chart, frontier);
        List<FrontierCell> baseline = line(frontier.cells(frontier.baseline()));
        if (!baseline.isEmpty()) {
            label(chart, frontier, baseline.get(0));
        }
        if (baseline.size() > 1) {
            label(chart, frontier, baseline.get(baseline.size() - 1));
        }
        return chart;
    }

    /** What was measured, and what the bars are. */
    static String caption(Frontier frontier) {
        List<Long> seeds = frontier.seeds();
        String size = frontier.size() == null ? "" : frontier.size().prompts() + " prompts, " + frontier.size().samples() + " samples of each; ";
        return size + (seeds.size() == 1 ? "one seed, so no error bars" : seeds.size() + " seeds, bars: \u00b1 one standard error over seeds");
    }

    /** All cells where they differ in temperature alone; else those of which none of the group is better, by their diversity. */
    private static List<FrontierCell> line(List<FrontierCell> cells) {
        if (cells.stream().allMatch(cell -> cell.sampler().isOnLineOf(cells.get(0).sampler()))) {
            return cells;
        }
        return byDiversity(cells.stream().filter(cell -> cells.stream().noneMatch(other -> Frontier.dominates(other, cell))));
    }

    private static List<FrontierCell> byDiversity(Stream<FrontierCell> cells) {
        return cells.sorted(Comparator.comparingDouble((FrontierCell cell) -> cell.diversity().mean())
                .thenComparingDouble(cell -> -cell.quality().mean())).toList();
    }

    private static XYSeries series(XYChart chart, String name, List<FrontierCell> cells) {
        return chart.addSeries(name, cells.stream().mapToDouble(cell -> cell.diversity().mean()).toArray(),
                cells.stream().mapToDouble(cell -> cell.quality().mean()).toArray());
    }

    /** Behind the lines, as series are drawn in their order. */
    private static void band(XYChart chart, Frontier frontier) {
        List<FrontierCell> best = byDiversity(frontier.cells().stream().filter(FrontierCell::pareto));
        if (best.size() > 1) {
            ChartStyle.band(series(chart, FRONTIER, best));
        }
    }

    private static void references(XYChart chart, Frontier frontier) {
        Double x = frontier.diversity().references();
        Double y = frontier.quality().references();
        if (x != null && y != null) {
            ChartStyle.references(chart.addSeries(REFERENCES, new double[] {x}, new double[] {y}), true);
        } else if (x != null) {
            DoubleSummaryStatistics range = range(frontier, FrontierCell::quality);
            ChartStyle.references(chart.addSeries(REFERENCES, new double[] {x, x}, new double[] {range.getMin(), range.getMax()}), false);
        } else if (y != null) {
            DoubleSummaryStatistics range = range(frontier, FrontierCell::diversity);
            ChartStyle.references(chart.addSeries(REFERENCES, new double[] {range.getMin(), range.getMax()}, new double[] {y, y}), false);
        }
    }

    /**
     * Lower left of its point, clear of a falling line: annotations are placed in units of the axes. Where an axis has no extent it cannot be placed.
     */
    private static void label(XYChart chart, Frontier frontier, FrontierCell cell) {
        double left = LABEL_LEFT * extent(frontier, FrontierCell::diversity);
        double below = LABEL_BELOW * extent(frontier, FrontierCell::quality);
        if (left > 0 && below > 0) {
            chart.addAnnotation(new AnnotationText(cell.sampler().name(frontier.samplers()), cell.diversity().mean() - left,
                    cell.quality().mean() - below, false));
        }
    }

    private static double extent(Frontier frontier, Function<FrontierCell, Estimate> axis) {
        DoubleSummaryStatistics means = range(frontier, axis);
        return means.getMax() - means.getMin();
    }

    private static DoubleSummaryStatistics range(Frontier frontier, Function<FrontierCell, Estimate> axis) {
        return frontier.cells().stream().mapToDouble(cell -> axis.apply(cell).mean()).summaryStatistics();
    }

    /** XChart has error bars in y only, so the bars are a series of their own, in pieces: a NaN lifts the pen. */
    private static void bars(XYChart chart, List<FrontierCell> cells, XYSeries line) {
        List<double[]> path = new ArrayList<>();
        for (FrontierCell cell : cells) {
            double x = cell.diversity().mean();
            double y = cell.quality().mean();
            stroke(path::add, x, y, cell.diversity().standardError(), 1, 0);
            stroke(path::add, x, y, cell.quality().standardError(), 0, 1);
        }
        if (!path.isEmpty()) {
            XYSeries bars = chart.addSeries(line.getName() + " \u00b1 standard error",
                    path.stream().mapToDouble(point -> point[0]).toArray(), path.stream().mapToDouble(point -> point[1]).toArray());
            ChartStyle.bars(bars, line.getLineColor());
        }
    }

    private static void stroke(Consumer<double[]> path, double x, double y, Double error, int right, int up) {
        if (error != null) {
            path.accept(new double[] {x - right * error, y - up * error});
            path.accept(new double[] {x + right * error, y + up * error});
            path.accept(new double[] {x, Double.NaN});
        }
    }
}
