package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Blocks;
import io.softq4j.graph.machine.Workers;
import java.util.Arrays;

/** Arrays {@code [N, 2 F]} whose rows are a gate and what passes it, side by side. */
final class GateUp {

    /** Some columns of a row: {@code size} elements from {@code at} of {@code [N, F]} and from {@code gateAt} of the gates in {@code [N, 2 F]}. */
    @FunctionalInterface
    interface Block {
        void run(int at, int gateAt, int size);
    }

    private GateUp() {
    }

    /** {@code [N, F]}, given {@code [N, 2 F]}. */
    static long[] halves(long[] shape) {
        if (shape.length != 2 || shape[1] % 2 != 0) {
            throw new IllegalArgumentException("gate and up must be halves of a row, not of " + Arrays.toString(shape));
        }
        return new long[] {shape[0], shape[1] / 2};
    }

    /** All blocks of {@link Blocks#SIZE} columns at most, rows of F = {@code width}. */
    static void forEach(int rows, int width, Block block) {
        Workers.rows(rows, width, (piece, from, to) -> {
            for (int i = from; i < to; i++) {
                for (int j = 0; j < width; j += Blocks.SIZE) {
                    block.run(i * width + j, 2 * i * width + j, Math.min(Blocks.SIZE, width - j));
                }
            }
        });
    }
}
