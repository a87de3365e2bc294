package io.softq4j.evaluation;

import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.XYChart;

/**
 * Lines over one variable, such as entropy against lambda.
 *
 * @param title  above the picture
 * @param xLabel below it
 * @param yLabel beside it
 * @param lines  at least one, names unique
 */
public record LinePlot(String title, String xLabel, String yLabel, List<Line> lines) {

    /**
     * One line, drawn in the order of its points.
     *
     * @param name in the legend
     * @param x    finite
     * @param y    as many; NaN leaves a gap
     */
    public record Line(String name, List<Double> x, List<Double> y) {

        public Line {
            x = List.copyOf(x);
            y = List.copyOf(y);
            if (x.isEmpty() || x.size() != y.size()) {
                throw new IllegalArgumentException("line '" + name + "' has " + x.size() + " x and " + y.size()
                        + " y; needs as many of both, at least one");
            }
        }
    }

    public LinePlot {
        lines = List.copyOf(lines);
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("plot '" + title + "' has no lines");
        }
    }

    /** Draws into {@code file}, as {@link FrontierPlot#write} does. */
    public void write(Path file) {
        ChartFiles.write(this::draw, file);
    }

    private XYChart draw() {
        XYChart chart = ChartStyle.chart(title, xLabel, yLabel);
        chart.getStyler().setLegendVisible(lines.size() > 1);
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            ChartStyle.line(chart.addSeries(line.name(), line.x(), line.y()), i);
        }
        return chart;
    }
}
