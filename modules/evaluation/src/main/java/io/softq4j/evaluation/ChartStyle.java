package io.softq4j.evaluation;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** How our charts look: white, few lines, text that is readable when a README halves the picture, series that differ in colour and in shape. */
final class ChartStyle {

    /** Okabe and Ito's palette (2008), told apart with any colour vision; without its yellow, which is too pale on white. */
    private static final List<Color> COLOURS = List.of(
            new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7), new Color(0xE69F00), new Color(0x56B4E9));
    private static final List<Marker> MARKERS = List.of(
            SeriesMarkers.SQUARE, SeriesMarkers.DIAMOND, SeriesMarkers.TRIANGLE_UP, SeriesMarkers.TRIANGLE_DOWN);

    /** On and off, in pixels, told apart without colour. */
    private static final List<float[]> DASHES = List.of(new float[0], new float[] {3, 5}, new float[] {18, 6}, new float[] {14, 5, 3, 5});

    private static final Color BASELINE = new Color(0x333333);
    private static final Color BAND = new Color(0xDDDDDD);
    private static final Color GRID = new Color(0xE6E6E6);
    private static final Color TEXT = new Color(0x222222);
    private static final int BAR_ALPHA = 110;

    private ChartStyle() {
    }

    static XYChart chart(String title, String xLabel, String yLabel) {
        XYChart chart = new XYChartBuilder().width(1200).height(800).title(title).xAxisTitle(xLabel).yAxisTitle(yLabel)
                .theme(Styler.ChartTheme.Matlab).build();
        XYStyler style = chart.getStyler();
        style.setLocale(Locale.ROOT); // the same picture, with a decimal point, on every machine
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotBackgroundColor(Color.WHITE);
        style.setPlotBorderVisible(false);
        style.setChartFontColor(TEXT);
        style.setAxisTickLabelsColor(TEXT);
        style.setPlotGridLinesColor(GRID);
        style.setPlotGridLinesStroke(new BasicStroke(1));
        style.setAxisTickMarksColor(GRID);
        style.setChartPadding(24);
        style.setPlotContentSize(0.9);
        style.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 26));
        style.setChartTitlePadding(14);
        style.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 22));
        style.setAxisTitlePadding(12);
        style.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 18));
        style.setDecimalPattern("#,##0.####");
        style.setXAxisTickMarkSpacingHint(110);
        style.setYAxisTickMarkSpacingHint(80);
        style.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 20));
        style.setLegendPosition(Styler.LegendPosition.OutsideE);
        style.setLegendBorderColor(Color.WHITE);
        style.setLegendBackgroundColor(Color.WHITE);
        style.setLegendSeriesLineLength(36);
        style.setLegendPadding(14);
        style.setMarkerSize(12);
        style.setAnnotationTextFont(new Font(Font.SANS_SERIF, Font.PLAIN, 16));
        style.setAnnotationTextFontColor(new Color(0x666666));
        return chart;
    }

    /** A line of text at the foot of a chart. */
    static void caption(XYChart chart, String text) {
        chart.getStyler().setChartPadding(40);
        AnnotationText caption = new AnnotationText(text, chart.getWidth() / 2.0, 22, true);
        chart.addAnnotation(caption);
    }

    /** The i-th line of a chart. */
    static void line(XYSeries series, int i) {
        paint(series, COLOURS.get(i % COLOURS.size()), MARKERS.get(i % MARKERS.size()), stroke(DASHES.get(i % DASHES.size())));
    }

    /** The line that others are compared with: dark and dashed. */
    static void baseline(XYSeries series) {
        paint(series, BASELINE, SeriesMarkers.CIRCLE, stroke(new float[] {10, 6}));
    }

    private static BasicStroke stroke(float[] dash) {
        return dash.length == 0 ? new BasicStroke(3) : new BasicStroke(3, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash, 0);
    }

    /** Points without a line, paler than the line they belong to. */
    static void besides(XYSeries points, XYSeries line) {
        Color colour = pale(line.getLineColor());
        points.setMarker(line.getMarker());
        points.setMarkerColor(colour);
        points.setLineColor(colour);
        points.setLineStyle(SeriesLines.NONE);
        points.setShowInLegend(false);
    }

    /** A broad grey band behind all lines. */
    static void band(XYSeries band) {
        paint(band, BAND, SeriesMarkers.NONE, new BasicStroke(11, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    }

    /** What is no model: a black star where it is a point, a fine line where only one of its coordinates is known. */
    static void references(XYSeries references, boolean point) {
        paint(references, Color.BLACK, point ? Star.MARKER : SeriesMarkers.NONE, point ? SeriesLines.NONE : new BasicStroke(1.5f));
    }

    /** Error bars in a paler shade of the line they belong to. */
    static void bars(XYSeries bars, Color line) {
        bars.setMarker(SeriesMarkers.NONE);
        bars.setLineColor(pale(line));
        bars.setLineStyle(new BasicStroke(2));
        bars.setShowInLegend(false);
    }

    private static Color pale(Color colour) {
        return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), BAR_ALPHA);
    }

    private static void paint(XYSeries series, Color colour, Marker marker, BasicStroke stroke) {
        series.setLineColor(colour);
        series.setMarkerColor(colour);
        series.setMarker(marker);
        series.setLineStyle(stroke);
    }
}
