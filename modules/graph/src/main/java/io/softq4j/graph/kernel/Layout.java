package io.softq4j.graph.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How the heads lie in the arrays of {@link Attention}.
 *
 * @param sequences B
 * @param length    T
 * @param width     D
 * @param heads     H
 */
record Layout(int sequences, int length, int width, int heads) {

    @FunctionalInterface
    interface HeadWork {
        void run(int sequence, int head);
    }

    /** @param positions {@code [B, T]}, for its shape */
    Layout(INDArray positions, int width, int heads) {
        this((int) positions.size(0), (int) positions.size(1), width, heads);
    }

    /** K. */
    int headWidth() {
        return width / heads;
    }

    /** K rounded up to whole vectors. */
    int paddedWidth() {
        return padded(headWidth());
    }

    /** T rounded up to whole vectors. */
    int paddedLength() {
        return padded(length);
    }

    private static int padded(int n) {
        int lanes = VectorMath.SPECIES.length();
        return (n + lanes - 1) / lanes * lanes;
    }

    /** Row of token {@code t} in {@code [N, ...]}. */
    int row(int sequence, int t) {
        return sequence * length + t;
    }

    /** Place of a query in {@code [B H T]}. */
    int lane(int sequence, int head, int t) {
        return (sequence * heads + head) * length + t;
    }

    void forEachHead(HeadWork work) {
        Workers.rows(sequences * heads, length * length, (piece, from, to) -> {
            for (int i = from; i < to; i++) {
                work.run(i / heads, i % heads);
            }
        });
    }
}
