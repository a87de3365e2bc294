package io.softq4j.benchmark;

import io.softq4j.graph.machine.MachinePeak;

/** The best rate of plain matrix products at a model's own shapes: the roof over every step. */
final class MatrixPeak {

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
        int n = shape.tokens();
        int[][] layers = {{d, 3 * d}, {d, d}, {d, 4 * d}, {4 * d, d}, {d, shape.vocabulary()}}; // [in, out]
        Rate best = new Rate(0, "");
        for (int[] layer : layers) {
            int in = layer[0];
            int out = layer[1];
            String name = n + " x " + in + " x " + out;
            best = better(best, MachinePeak.product('N', 'N', n, out, in), name + " forward");
            best = better(best, MachinePeak.product('N', 'T', n, in, out), name + " to inputs");
            best = better(best, MachinePeak.product('T', 'N', in, out, n), name + " to weights");
        }
        return best;
    }

    private static Rate better(Rate best, double flops, String product) {
        return flops > best.flops() ? new Rate(flops, product) : best;
    }
}
