package io.softq4j.graph.kernel;

import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/**
 * Splits rows between threads in fixed pieces. The pieces depend on the number of rows and threads alone, so that a result that is reduced piece by
 * piece is the same at every run.
 */
final class Workers {

    /** As ND4J: {@code OMP_NUM_THREADS}, else all processors. */
    static final int THREADS = threads();

    /** Below this many elements a second thread costs more than it brings. */
    private static final long WORTH_SPLITTING = 1 << 14;

    @FunctionalInterface
    interface Piece {
        /** Handles rows {@code from} to {@code to} (exclusive) as the {@code index}-th piece. */
        void run(int index, int from, int to);
    }

    private Workers() {
    }

    private static int threads() {
        String omp = System.getenv("OMP_NUM_THREADS");
        int asked = omp != null && omp.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(omp) : Runtime.getRuntime().availableProcessors();
        return Math.min(asked, ForkJoinPool.getCommonPoolParallelism() + 1);
    }

    /** How many pieces {@link #rows} makes. */
    static int pieces(int rows, int width) {
        return (long) rows * width < WORTH_SPLITTING ? 1 : Math.max(1, Math.min(THREADS, rows));
    }

    static void rows(int rows, int width, Piece piece) {
        int pieces = pieces(rows, width);
        if (pieces == 1) {
            piece.run(0, 0, rows);
            return;
        }
        IntStream.range(0, pieces).parallel().forEach(i ->
                piece.run(i, (int) ((long) rows * i / pieces), (int) ((long) rows * (i + 1) / pieces)));
    }
}
