package io.softq4j.evaluation;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.UserError;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.nio.file.Path;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.XYChart;

/** Draws charts into files without a display: PNG or SVG by the file's ending, whole or not at all. */
final class ChartFiles {

    static {
        // A server has no display, and a laptop's must not show a dock icon for a file; whoever decided otherwise is left alone.
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
    }

    private ChartFiles() {
    }

    /** What makes a chart; called after the fonts have been seen to work, because a chart measures text as soon as it is built. */
    @FunctionalInterface
    interface Drawing {
        XYChart draw();
    }

    static void write(Drawing drawing, Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".png") && !name.endsWith(".svg")) {
            throw new UserError("cannot tell the picture's format from the name " + file + ": it must end in .png or .svg.");
        }
        requireFonts(ChartFiles::layOutText);
        XYChart chart = drawing.draw();
        AtomicFiles.write(file, out -> {
            if (name.endsWith(".png")) {
                out.write(BitmapEncoder.getBitmapBytes(chart, BitmapEncoder.BitmapFormat.PNG));    // whole first: ImageIO ends badly on a full disk
            } else {
                VectorGraphicsEncoder.saveVectorGraphic(chart, out, VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
            }
        });
    }

    /** Java draws text through fontconfig and FreeType; slim servers lack them, or have no font, and Java then fails with an obscure error. */
    static void requireFonts(Runnable probe) {
        try {
            probe.run();
        } catch (RuntimeException | LinkageError | InternalError e) {
            throw new UserError("cannot draw text, so no picture can be made: Java finds no fonts here (" + e
                    + "). Install a font and what finds it; on Debian or Ubuntu: apt-get install "
                    + "fontconfig libfontconfig1 libfreetype6 fonts-dejavu-core. "
                    + "The numbers of the picture are in the JSON report.", e);
        }
    }

    private static void layOutText() {
        new TextLayout("0", new Font(Font.SANS_SERIF, Font.PLAIN, 12), new FontRenderContext(null, true, true)).getBounds();
    }
}
