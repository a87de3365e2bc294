package io.softq4j.benchmark;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The best rate of plain matrix products at a model's own shapes: the roof over every step. */
final class MatrixPeak {

    private static final double SECONDS = 0.3;
    private static final int LEAST_RUNS = 3;

    /**
     * A rate.
     *
     * @param flops   operations a second
     * @param product where it was reached
     */
    record Rate(double flops, String product) {
    }

    private MatrixPeak() {
    }

    /** Each linear layer's product and its two backward ones, one after another; the best single run of all. */
    static Rate measure(ModelShape shape) {
        int d = shape.width();
        int[][] layers = {{d, 3 * d}, {d, d}, {d, 4 * d}, {4 * d, d}, {d, shape.vocabulary()}}; // [in, out]
        Rate best = new Rate(0, "");
        for (int[] layer : layers) {
            try (INDArray x = Nd4j.rand(shape.tokens(), layer[0]); INDArray w = Nd4j.rand(layer[0], layer[1]);
                    INDArray y = Nd4j.rand(shape.tokens(), layer[1])) {
                String name = shape.tokens() + " x " + layer[0] + " x " + layer[1];
                best = better(best, rate(x, false, w, false, y), name + " forward");
                best = better(best, rate(y, false, w, true, x), name + " to inputs");
                best = better(best, rate(x, true, y, false, w), name + " to weights");
            }
        }
        return best;
    }

    private static Rate better(Rate best, double flops, String product) {
        return flops > best.flops() ? new Rate(flops, product) : best;
    }

    private static double rate(INDArray a, boolean transposeA, INDArray b, boolean transposeB, INDArray c) {
        double inner = transposeA ? a.size(0) : a.size(1);
        double operations = 2 * inner * c.length();
        double best = 0;
        double total = 0;
        for (int run = 0; run < LEAST_RUNS || total < SECONDS; run++) {
            long start = System.nanoTime();
            Nd4j.matmul(a, b, c, transposeA, transposeB, false);
            double seconds = (System.nanoTime() - start) / 1e9;
            best = Math.max(best, operations / seconds);
            total += seconds;
        }
        return best;
    }
}
