package io.softq4j.graph.cpu;

import io.softq4j.graph.machine.Blocks;
import io.softq4j.graph.machine.Workers;

/** Arrays {@code [N, 2 F]} whose rows are a gate and what passes it, side by side. */
final class GateUp {

    /**
     * Some columns of a row: {@code size} elements from {@code at} of {@code [N, F]} and from {@code gateAt} of the gates in
     * {@code [N, 2 F]}.
     */
    @FunctionalInterface
    interface Block {
        void run(int at, int gateAt, int size);
    }

    private GateUp() {
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
