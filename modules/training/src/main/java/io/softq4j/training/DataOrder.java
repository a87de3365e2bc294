package io.softq4j.training;

/**
 * Which examples form which step: a function of (seed, epoch, index) and of nothing that happened before.
 *
 * <p>Each epoch visits every example once, in an order of its own; its last step takes what is left, so it may be smaller.
 *
 * @param examples        number of examples
 * @param examplesPerStep examples of a full step
 * @param seed            of the order
 */
public record DataOrder(long examples, int examplesPerStep, long seed) {

    public DataOrder {
        if (examples < 1 || examplesPerStep < 1) {
            throw new IllegalArgumentException(examples + " examples, " + examplesPerStep + " a step");
        }
    }

    /** Steps of one epoch, the smaller last one included. */
    public long stepsPerEpoch() {
        return (examples + examplesPerStep - 1) / examplesPerStep;
    }

    /** Indices of the examples of {@code step}, counted from 0. */
    public long[] step(long step) {
        long first = step % stepsPerEpoch() * examplesPerStep;
        Permutation order = new Permutation(examples, seed, step / stepsPerEpoch());
        long[] indices = new long[(int) Math.min(examplesPerStep, examples - first)];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = order.at(first + i);
        }
        return indices;
    }
}
