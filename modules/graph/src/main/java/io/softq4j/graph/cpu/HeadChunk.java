package io.softq4j.graph.cpu;

import io.softq4j.graph.kernel.ChunkedHead;
import io.softq4j.graph.machine.Workers;

/**
 * How {@link ChunkedHead} cuts its work: some rows at a time, and of those rows the vocabulary in tiles whose logits stay in a core's
 * cache. Tiles form groups, each worked through by one thread with sums of its own.
 *
 * @param rows       R, rows of a chunk
 * @param vocabulary V
 * @param width      D
 * @param groups     of tiles
 */
record HeadChunk(int rows, int vocabulary, int width, int groups) {

    /** Columns of a tile. */
    static final int TILE = SoftMax.BLOCK;

    /** Logits of a chunk, at most, unless that were fewer than {@link #LEAST_ROWS}: 64 MB. */
    private static final int LOGITS = 1 << 24;

    private static final int LEAST_ROWS = 64;
    private static final int MOST_ROWS = 512;

    static HeadChunk of(long rows, long vocabulary, long width) {
        long fitting = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, LOGITS / vocabulary / LEAST_ROWS * LEAST_ROWS));
        int tiles = (int) ((vocabulary + TILE - 1) / TILE);
        return new HeadChunk((int) Math.min(rows, fitting), Math.toIntExact(vocabulary), Math.toIntExact(width),
                Math.min(tiles, Workers.THREADS == 1 ? 1 : 2 * Workers.THREADS));
    }

    int tiles() {
        return (vocabulary + TILE - 1) / TILE;
    }

    /** First column of a tile. */
    int column(int tile) {
        return tile * TILE;
    }

    /** Columns of a tile. */
    int columns(int tile) {
        return Math.min(TILE, vocabulary - column(tile));
    }

    /** First tile of a group; of the group after the last, the number of tiles. */
    int firstTile(int group) {
        return (int) ((long) tiles() * group / groups);
    }

    /**
     * Elements from one row of logits to the next: a cache line more than needed, as strides of a power of two crowd into few cache sets.
     */
    int stride() {
        return (vocabulary + 15) / 16 * 16 + 16;
    }
}
