package io.softq4j.graph.machine;

import java.nio.FloatBuffer;

/** What this machine can do at best, measured here and now: the rates that those of a training step are held against. */
public final class MachinePeak {

    private static final double SECONDS = 0.15;
    private static final int LEAST_RUNS = 3;
    private static final int[] SQUARES = {512, 1024, 2048};

    /** Floats copied at a time: 128 MB, far beyond any cache. */
    private static final int COPIED = 1 << 25;

    private MachinePeak() {
    }

    /**
     * Floating-point operations a second of the fastest of several products, on all threads: square ones, as a forward and both backward
     * passes have them.
     */
    public static double product() {
        double best = 0;
        for (int size : SQUARES) {
            for (String ops : new String[] {"NN", "NT", "TN"}) {
                best = Math.max(best, product(ops.charAt(0), ops.charAt(1), size, size, size));
            }
        }
        return best;
    }

    /**
     * Floating-point operations a second, on all threads, of C = op(A) op(B): the best single run.
     *
     * @param opA {@code 'N'}: A is {@code [m, k]}; {@code 'T'}: {@code [k, m]}
     * @param opB {@code 'N'}: B is {@code [k, n]}; {@code 'T'}: {@code [n, k]}
     */
    public static double product(char opA, char opB, int m, int n, int k) {
        Tile a = Tile.allocate(Math.multiplyExact(m, k));
        Tile b = Tile.allocate(Math.multiplyExact(k, n));
        Tile c = Tile.allocate(Math.multiplyExact(m, n));
        Floats.zero(c.floats());
        fill(a.floats());
        fill(b.floats());
        Grid grid = Grid.of(m, n, 256);
        return 2.0 * m * n * k / best(() -> Workers.forEach(grid.count(), index -> {
            int row = grid.firstRow(index);
            int column = grid.firstColumn(index);
            Products.multiply(opA, opB, grid.rows(index), grid.columns(index), k, 1, a.at(opA == 'N' ? (long) row * k : row), opA == 'N' ? k
                    : m,
                    b.at(opB == 'N' ? column : (long) column * k), opB == 'N' ? n : k, 0, c.at((long) row * n + column), n);
        }));
    }

    /** Numbers of ordinary size: products of zeros and of denormal numbers have rates of their own. */
    private static void fill(FloatBuffer floats) {
        for (int i = 0; i < floats.capacity(); i++) {
            floats.put(i, 0.5f + (i % 97) / 97f);
        }
    }

    /** Bytes a second, read and written, of a copy on all threads that no cache holds. */
    public static double copy() {
        Tile from = Tile.allocate(COPIED);
        Tile to = Tile.allocate(COPIED);
        Floats.zero(from.floats());
        int piece = COPIED / 64;
        return 2.0 * COPIED * Float.BYTES / best(() -> Workers.forEach(64, i -> to.floats().put(i * piece, from.floats(), i * piece,
                piece)));
    }

    private static double best(Runnable run) {
        double best = Double.MAX_VALUE;
        double total = 0;
        for (int i = 0; i < LEAST_RUNS || total < SECONDS; i++) {
            long start = System.nanoTime();
            run.run();
            double seconds = (System.nanoTime() - start) / 1e9;
            best = Math.min(best, seconds);
            total += seconds;
        }
        return best;
    }
}
