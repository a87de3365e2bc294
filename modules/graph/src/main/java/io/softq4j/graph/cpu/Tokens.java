package io.softq4j.graph.cpu;

import static io.softq4j.graph.cpu.Visibility.TILE;

import java.nio.IntBuffer;

/**
 * Positions and segments of the tokens of B sequences, in tiles of {@link Visibility#TILE} with the least and the greatest of each. A tile
 * is numbered through all sequences here.
 */
final class Tokens {

    private final IntBuffer positionsIn; // null: all are at position 0
    private final IntBuffer segmentsIn;
    private final int length;
    private final int tiles;
    final int[] positions; // [B, tiles, TILE], as the next two
    final int[] segments;
    /** One past the last token of the tile that follows on this one with positions growing by 1. */
    private final int[] runs;
    final int[] firstPosition; // [B, tiles], as the next three
    final int[] lastPosition;
    final int[] firstSegment;
    final int[] lastSegment;

    /** @param positions {@code [B, T]} as {@code segments}, or null where nothing depends on them */
    Tokens(IntBuffer positions, IntBuffer segments, int length) {
        this.positionsIn = positions;
        this.segmentsIn = segments;
        this.length = length;
        this.tiles = (length + TILE - 1) / TILE;
        int all = segments.capacity() / length * tiles;
        this.positions = new int[all * TILE];
        this.segments = new int[all * TILE];
        this.runs = new int[all * TILE];
        this.firstPosition = new int[all];
        this.lastPosition = new int[all];
        this.firstSegment = new int[all];
        this.lastSegment = new int[all];
    }

    /** Tiles of a sequence. */
    int tiles() {
        return tiles;
    }

    /** Tokens in a tile of a sequence: {@link Visibility#TILE} but in the last. */
    int tokens(int tile) {
        return Math.min(TILE, length - tile * TILE);
    }

    /** Reads positions and segments; to be called when they may have changed. */
    void look() {
        for (int tile = 0; tile < firstPosition.length; tile++) {
            int at = tile / tiles * length + tile % tiles * TILE;
            int first = tile * TILE;
            int tokens = tokens(tile % tiles);
            if (positionsIn != null) {
                positionsIn.get(at, positions, first, tokens);
            }
            segmentsIn.get(at, segments, first, tokens);
            firstPosition[tile] = least(positions, first, tokens);
            lastPosition[tile] = greatest(positions, first, tokens);
            firstSegment[tile] = least(segments, first, tokens);
            lastSegment[tile] = greatest(segments, first, tokens);
            for (int i = tokens - 1; i >= 0; i--) {
                boolean followed = i + 1 < tokens && positions[first + i + 1] == positions[first + i] + 1;
                runs[first + i] = followed ? runs[first + i + 1] : i + 1;
            }
        }
    }

    /** One past the last token of tile {@code tile} that follows on token {@code i} of it with positions growing by 1. */
    int endOfRun(int tile, int i) {
        return runs[tile * TILE + i];
    }

    private static int least(int[] values, int from, int count) {
        int least = values[from];
        for (int i = 1; i < count; i++) {
            least = Math.min(least, values[from + i]);
        }
        return least;
    }

    private static int greatest(int[] values, int from, int count) {
        int greatest = values[from];
        for (int i = 1; i < count; i++) {
            greatest = Math.max(greatest, values[from + i]);
        }
        return greatest;
    }
}
