package io.softq4j.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/**
 * The picture of a {@link Frontier}: diversity to the right, quality upwards, one line a group in the order of temperature, the baseline dark and
 * dashed. Bars in both directions are one standard error over seeds; a single seed has none. The ends of the baseline carry their temperature, T.
 */
public final class FrontierPlot {

    /** Of the width and height that the lines take. */
    private static final double LABEL_LEFT = 0.045;
    private static final double LABEL_BELOW = 0.04;

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
        XYChart chart = ChartStyle.chart(title, frontier.diversityName(), frontier.qualityName());
        int colour = 0;
        for (FrontierSummary summary : frontier.groups()) {
            List<FrontierCell> cells = frontier.cells(summary.group());
            XYSeries line = chart.addSeries(summary.group(),
                    cells.stream().mapToDouble(cell -> cell.diversity().mean()).toArray(),
                    cells.stream().mapToDouble(cell -> cell.quality().mean()).toArray());
            if (summary.group().equals(frontier.baseline())) {
                ChartStyle.baseline(line);
            } else {
                ChartStyle.line(line, colour++);
            }
            bars(chart, cells, line);
        }
        List<FrontierCell> baseline = frontier.cells(frontier.baseline());
        if (!baseline.isEmpty()) {
            label(chart, frontier, baseline.get(0));
        }
        if (baseline.size() > 1) {
            label(chart, frontier, baseline.get(baseline.size() - 1));
        }
        return chart;
    }

    /**
     * Lower left of its point, clear of a falling line: annotations are placed in units of the axes. Where an axis has no extent it cannot be placed.
     */
    private static void label(XYChart chart, Frontier frontier, FrontierCell cell) {
        double left = LABEL_LEFT * extent(frontier, FrontierCell::diversity);
        double below = LABEL_BELOW * extent(frontier, FrontierCell::quality);
        if (left > 0 && below > 0) {
            chart.addAnnotation(new AnnotationText("T = " + cell.temperature(), cell.diversity().mean() - left, cell.quality().mean() - below,
                    false));
        }
    }

    private static double extent(Frontier frontier, Function<FrontierCell, Estimate> axis) {
        var means = frontier.cells().stream().mapToDouble(cell -> axis.apply(cell).mean()).summaryStatistics();
        return means.getMax() - means.getMin();
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
