package io.softq4j.graph.machine;

/** A thread's own float rows, kept between runs so that kernels allocate nothing. */
public final class Scratch {

    private static final int SLOTS = 16;

    private static final ThreadLocal<float[][]> ROWS = ThreadLocal.withInitial(() -> new float[SLOTS][0]);

    private Scratch() {
    }

    /** Row number {@code slot} (0 to 14; {@link VectorMath#sum} has 15) of this thread, at least {@code width} long, holding anything. */
    public static float[] row(int slot, int width) {
        float[][] rows = ROWS.get();
        if (rows[slot].length < width) {
            rows[slot] = new float[width];
        }
        return rows[slot];
    }
}
