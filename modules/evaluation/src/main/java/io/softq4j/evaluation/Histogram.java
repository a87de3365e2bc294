package io.softq4j.evaluation;

import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How often values fall between bounds.
 *
 * @param title  above the picture
 * @param xLabel below it
 * @param yLabel beside it
 * @param bins   at least one, in ascending order
 */
public record Histogram(String title, String xLabel, String yLabel, List<Bin> bins) {

    /**
     * A bar.
     *
     * @param from  lower bound
     * @param to    upper bound, exclusive, above {@code from}
     * @param count its height
     */
    public record Bin(double from, double to, long count) {

        public Bin {
            if (!(to > from)) {
                throw new IllegalArgumentException("a bin from " + from + " to " + to);
            }
        }
    }

    public Histogram {
        bins = List.copyOf(bins);
        if (bins.isEmpty()) {
            throw new IllegalArgumentException("histogram '" + title + "' has no bins");
        }
    }

    /** Draws into {@code file}, as {@link FrontierPlot#write} does. */
    public void write(Path file) {
        ChartFiles.write(this::draw, file);
    }

    private XYChart draw() {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (Bin bin : bins) {
            for (double[] corner : new double[][] {{bin.from(), 0}, {bin.from(), bin.count()}, {bin.to(), bin.count()}, {bin.to(), 0}}) {
                x.add(corner[0]);
                y.add(corner[1]);
            }
        }
        XYChart chart = ChartStyle.chart(title, xLabel, yLabel);
        chart.getStyler().setLegendVisible(false);
        XYSeries bars = chart.addSeries(yLabel, x, y);
        ChartStyle.line(bars, 0);
        bars.setMarker(SeriesMarkers.NONE);
        bars.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Area);
        bars.setFillColor(new Color(0x0072B2 | 0x60000000, true));
        return chart;
    }
}
