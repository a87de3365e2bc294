package io.softq4j.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/** The pictures land in target/pictures too, to be looked at. */
class PicturesTest {

    private static final Path LOOK = Path.of("target", "pictures");

    @Test
    void aPngHasTheSizeItSaysAndTheColoursOfItsLines() throws IOException {
        Path file = LOOK.resolve("frontier.png");
        FrontierPlot.write(FrontierExample.frontier(3, 0, 0.05, 0.1, 0.5), "Quality against diversity", file);
        BufferedImage image = ImageIO.read(file.toFile());
        assertEquals(1200, image.getWidth());
        assertEquals(800, image.getHeight());
        for (int colour : new int[] {0x333333, 0x0072B2, 0xD55E00, 0x009E73}) {
            assertTrue(pixels(image, colour) > 200, "line of colour " + Integer.toHexString(colour));
        }
        assertEquals(0, pixels(image, 0xCC79A7), "the colour of a fourth line");
    }

    @Test
    void anSvgIsDrawnWithTheColoursOfItsLinesAndWithoutFontsOfTheReader() throws IOException {
        Path file = LOOK.resolve("frontier.svg");
        FrontierPlot.write(FrontierExample.frontier(3, 0, 0.1), "Quality against diversity", file);
        String svg = Files.readString(file);
        assertTrue(svg.startsWith("<?xml") && svg.stripTrailing().endsWith("</svg>"), "an SVG document");
        assertTrue(svg.contains("stroke:rgb(0,114,178)"), "the line of lambda=0.1");
        assertFalse(svg.contains("<text"), "text is drawn as outlines");
    }

    @ParameterizedTest
    @ValueSource(strings = {"again.png", "again.svg"})
    void theSameFrontierGivesTheSameBytes(String name, @TempDir Path directory) throws IOException {
        Frontier frontier = FrontierExample.frontier(3, 0, 0.1);
        FrontierPlot.write(frontier, "t", directory.resolve(name));
        byte[] first = Files.readAllBytes(directory.resolve(name));
        FrontierPlot.write(frontier, "t", directory.resolve(name));
        assertArrayEquals(first, Files.readAllBytes(directory.resolve(name)));
    }

    @Test
    void theLegendNamesTheGroupsInOrderAndNothingElse() {
        XYChart chart = FrontierPlot.draw(FrontierExample.frontier(3, 0.1, 0, 0.05), "t");
        assertEquals(List.of("the frontier", "lambda=0", "lambda=0.05", "lambda=0.1"),
                chart.getSeriesMap().values().stream().filter(XYSeries::isShowInLegend).map(XYSeries::getName).toList());
        assertEquals("accuracy (up is better)", chart.getYAxisTitle());
        assertEquals("100 - Self-BLEU (prompt level) (right is better)", chart.getXAxisTitle());
    }

    @Test
    void errorBarsReachOneStandardErrorToBothSidesInBothDirections() {
        List<FrontierPoint> points = List.of(new FrontierPoint("lambda=0", 1, 0, 0.4, 10), new FrontierPoint("lambda=0", 1, 1, 0.6, 14));
        XYChart chart = FrontierPlot.draw(Frontier.of("q", "d", points, "lambda=0"), "t");
        var bars = chart.getSeriesMap().get("lambda=0 \u00b1 standard error");
        assertArrayEquals(new double[] {10, 14, 12, 12, 12, 12}, bars.getXData(), 1e-12);
        assertArrayEquals(new double[] {0.5, 0.5, Double.NaN, 0.4, 0.6, Double.NaN}, bars.getYData(), 1e-12);
    }

    @Test
    void oneSeedHasNoErrorBars() {
        XYChart chart = FrontierPlot.draw(FrontierExample.frontier(1, 0, 0.1), "t");
        assertEquals(List.of("the frontier", "lambda=0", "lambda=0.1"), List.copyOf(chart.getSeriesMap().keySet()));
    }

    @Test
    void noTwoLinesAreToldApartByColourAlone() {
        XYChart chart = FrontierPlot.draw(FrontierExample.frontier(1, 0, 0.01, 0.05, 0.1, 0.5), "t");
        List<XYSeries> lines = chart.getSeriesMap().values().stream().filter(series -> series.getName().startsWith("lambda")).toList();
        assertEquals(5, lines.size());
        assertEquals(5, lines.stream().map(XYSeries::getMarker).distinct().count(), "markers");
        assertEquals(5, lines.stream().map(line -> Arrays.toString(((BasicStroke) line.getLineStyle()).getDashArray())).distinct().count(), "dashes");
    }

    /** Four samplers of a group in two lines: the frontier of the group is drawn through, what is worse stands beside it, and the references are a star. */
    @Test
    void aGridOfSamplersIsDrawnByTheFrontierOfEachGroupWithTheReferencesPoint() {
        List<FrontierPoint> points = new ArrayList<>();
        for (FrontierPoint p : FrontierExample.points(3, 0, 0.1)) {
            for (double topP : new double[] {0.8, 1}) {
                SamplerPoint sampler = new SamplerPoint(p.sampler().temperature(), 0, topP, 0);
                double quality = topP == 1 ? p.quality() : p.quality() - 0.1;
                points.add(new FrontierPoint(p.group(), sampler, p.seed(), quality, p.diversity(), quality, p.diversity()));
            }
        }
        Frontier frontier = Frontier.of(FrontierAxis.of("accuracy").withReferences(0.97), FrontierAxis.of("self_bleu_prompt", Turn.FROM_100)
                .withReferences(20.0), points, "lambda=0").of(new FrontierSize(50, 8));
        XYChart chart = FrontierPlot.draw(frontier, "t");
        assertEquals(5, chart.getSeriesMap().get("lambda=0").getXData().length);
        assertEquals(5, chart.getSeriesMap().get("lambda=0 besides").getXData().length);
        assertArrayEquals(new double[] {80}, chart.getSeriesMap().get("references").getXData());
        assertEquals("50 prompts, 8 samples of each; 3 seeds, bars: \u00b1 one standard error over seeds", FrontierPlot.caption(frontier));
        FrontierPlot.write(frontier, "A grid of samplers", LOOK.resolve("frontier-grid.png"));
    }

    @Test
    void modelsThatSolveNothingAreStillDrawn() throws IOException {
        List<FrontierPoint> flat = FrontierExample.points(3, 0, 0.1).stream()
                .map(p -> new FrontierPoint(p.group(), p.sampler().temperature(), p.seed(), 0, p.diversity())).toList();
        FrontierPlot.write(Frontier.of("accuracy", "diversity", flat, "lambda=0"), "All wrong", LOOK.resolve("frontier-flat.png"));
        assertTrue(pixels(ImageIO.read(LOOK.resolve("frontier-flat.png").toFile()), 0x0072B2) > 200);
        List<FrontierPoint> one = List.of(new FrontierPoint("lambda=0", 0, 0, 0, 0));
        FrontierPlot.write(Frontier.of("accuracy", "diversity", one, "lambda=0"), "One point", LOOK.resolve("frontier-one.png"));
        assertTrue(pixels(ImageIO.read(LOOK.resolve("frontier-one.png").toFile()), 0x333333) > 50);
    }

    @Test
    void moreGroupsThanColoursAreStillDrawn() {
        FrontierPlot.write(FrontierExample.frontier(3, 0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1), "Eight groups", LOOK.resolve("frontier-many.png"));
        assertTrue(Files.exists(LOOK.resolve("frontier-many.png")));
    }

    @Test
    void aLinePlotIsDrawnAndLeavesAGapAtNaN() throws IOException {
        Path file = LOOK.resolve("lines.png");
        List<Double> lambda = List.of(0.0, 0.1, 0.2, 0.3, 0.4, 0.5);
        new LinePlot("Entropy of the policy against lambda", "lambda", "entropy, nats", List.of(
                new LinePlot.Line("inverse soft-Q", lambda, List.of(0.4, 0.52, 0.6, Double.NaN, 0.7, 0.73)),
                new LinePlot.Line("maximum likelihood", lambda, List.of(0.4, 0.4, 0.4, 0.4, 0.4, 0.4)))).write(file);
        BufferedImage image = ImageIO.read(file.toFile());
        assertTrue(pixels(image, 0x0072B2) > 200);
        assertTrue(pixels(image, 0xD55E00) > 200);
    }

    @Test
    void anUnknownEndingIsRefusedByName(@TempDir Path directory) {
        Path file = directory.resolve("frontier.jpg");
        String message = assertThrows(UserError.class, () -> FrontierPlot.write(FrontierExample.frontier(1, 0), "t", file)).getMessage();
        assertEquals("cannot tell the picture's format from the name " + file + ": it must end in .png or .svg.", message);
        assertFalse(Files.exists(file));
    }

    @Test
    void withoutFontsTheErrorNamesThePackages() {
        String message = assertThrows(UserError.class, () -> ChartFiles.requireFonts(() -> {
            throw new InternalError("java.lang.reflect.InvocationTargetException: Fontconfig head is null");
        })).getMessage();
        assertTrue(message.contains("Fontconfig head is null"), message);
        assertTrue(message.contains("apt-get install fontconfig libfontconfig1 libfreetype6 fonts-dejavu-core"), message);
    }

    @Test
    void aLineWithoutPointsIsRefused() {
        assertEquals("line 'a' has 0 x and 0 y; needs as many of both, at least one",
                assertThrows(IllegalArgumentException.class, () -> new LinePlot.Line("a", List.of(), List.of())).getMessage());
    }

    private static int pixels(BufferedImage image, int rgb) {
        int n = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                n += new Color(image.getRGB(x, y)).getRGB() == new Color(rgb).getRGB() ? 1 : 0;
            }
        }
        return n;
    }
}
