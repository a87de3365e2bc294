package io.softq4j.graph.cpu;

import io.softq4j.graph.machine.Floats;
import io.softq4j.graph.machine.Scratch;
import java.nio.FloatBuffer;

/** Partial sums of a row, one from each piece of a kernel's work. */
final class Pieces {

    private Pieces() {
    }

    /** Adds all partial sums, in the order of the pieces, to {@code out [width]}; the sums are used up. */
    static void addTo(FloatBuffer out, float[][] sums, int width) {
        for (int p = 1; p < sums.length; p++) {
            Floats.add(sums[0], sums[p], width);
        }
        float[] row = Scratch.row(0, width);
        out.get(0, row, 0, width);
        Floats.add(row, sums[0], width);
        out.put(0, row, 0, width);
    }
}
