package io.softq4j.graph.machine;

/** Walks a long array in pieces that fit the first-level cache. */
public final class Blocks {

    /** Elements of one block: a multiple of every vector length, so that scratch rows of this size can be processed whole. */
    public static final int SIZE = 2048;

    @FunctionalInterface
    public interface Block {
        /** Handles {@code size} elements from {@code from}; {@code size} is {@link #SIZE} except at the end. */
        void run(int from, int size);
    }

    private Blocks() {
    }

    public static void forEach(int elements, Block block) {
        int blocks = (elements + SIZE - 1) / SIZE;
        Workers.rows(blocks, SIZE, (piece, from, to) -> {
            for (int b = from; b < to; b++) {
                block.run(b * SIZE, Math.min(SIZE, elements - b * SIZE));
            }
        });
    }
}
