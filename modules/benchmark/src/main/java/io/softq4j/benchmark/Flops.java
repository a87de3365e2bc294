package io.softq4j.benchmark;

/**
 * Floating-point operations of a training step: 6 for each weight in a product and token (2 forward, 4 backward), and 12 L T D a token for the
 * two products of attention. By the usual convention attention is counted as if it were not causal, and lookups, biases, norms, activations and the
 * optimiser are not counted.
 */
final class Flops {

    private Flops() {
    }

    /** Weights in products: 12 D^2 a block and the tied head, V D. */
    static long weights(ModelShape shape) {
        long d = shape.width();
        return 12 * shape.layers() * d * d + shape.vocabulary() * d;
    }

    /** Of a step. */
    static double step(ModelShape shape) {
        double attention = 12.0 * shape.layers() * shape.length() * shape.width();
        return (6.0 * weights(shape) + attention) * shape.tokens();
    }
}
