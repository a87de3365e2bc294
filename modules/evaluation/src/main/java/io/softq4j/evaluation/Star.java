package io.softq4j.evaluation;

import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import org.knowm.xchart.style.markers.Marker;

/** A filled star of five points, which no line of ours has as its marker. */
final class Star extends Marker {

    static final Marker MARKER = new Star();

    private static final int CORNERS = 10;
    /** Stars of the same width look smaller than squares. */
    private static final double LARGER = 1.8;

    private Star() {
    }

    @Override
    public void paint(Graphics2D graphics, double x, double y, int size) {
        Path2D.Double star = new Path2D.Double();
        for (int i = 0; i < CORNERS; i++) {
            double radius = LARGER * size / 2 * (i % 2 == 0 ? 1 : 0.42);
            double angle = Math.PI * (2.0 * i / CORNERS - 0.5);
            double at = x + radius * StrictMath.cos(angle);
            double up = y + radius * StrictMath.sin(angle);
            if (i == 0) {
                star.moveTo(at, up);
            } else {
                star.lineTo(at, up);
            }
        }
        star.closePath();
        graphics.fill(star);
    }
}
