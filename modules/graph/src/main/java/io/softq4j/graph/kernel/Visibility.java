package io.softq4j.graph.kernel;

import java.nio.IntBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Which keys a query may see: those of its segment at positions up to its own. What holds for whole tiles of {@link #TILE} queries and as many keys
 * is known from the least and the greatest segment and position in each, so that only mixed tiles are looked at token by token.
 */
final class Visibility {

    /** Tokens of a tile. */
    static final int TILE = 64;

    /** Tiles of keys handled at once. */
    static final int BLOCK = 8;

    private static final int HIDDEN = Float.floatToRawIntBits(Float.NEGATIVE_INFINITY);

    private final IntBuffer positionsIn;
    private final IntBuffer segmentsIn;
    private final int length;
    private final int tiles;
    private final int[] positions; // [B, tiles, TILE], as the next
    private final int[] segments;
    private final int[] firstPosition; // [B, tiles], as the next three
    private final int[] lastPosition;
    private final int[] firstSegment;
    private final int[] lastSegment;

    /** @param positions {@code [B, T]}, as {@code segments} */
    Visibility(IntBuffer positions, IntBuffer segments, int length) {
        this.positionsIn = positions;
        this.segmentsIn = segments;
        this.length = length;
        this.tiles = (length + TILE - 1) / TILE;
        int sequences = positions.capacity() / length;
        this.positions = new int[sequences * tiles * TILE];
        this.segments = new int[sequences * tiles * TILE];
        this.firstPosition = new int[sequences * tiles];
        this.lastPosition = new int[sequences * tiles];
        this.firstSegment = new int[sequences * tiles];
        this.lastSegment = new int[sequences * tiles];
    }

    /** Tiles of a sequence. */
    int tiles() {
        return tiles;
    }

    /** Tokens in a tile: {@link #TILE} but in the last. */
    int tokens(int tile) {
        return Math.min(TILE, length - tile * TILE);
    }

    /** Reads positions and segments; to be called when they may have changed. */
    void look() {
        for (int tile = 0; tile < firstPosition.length; tile++) {
            int at = tile / tiles * length + tile % tiles * TILE;
            int tokens = tokens(tile % tiles);
            positionsIn.get(at, positions, tile * TILE, tokens);
            segmentsIn.get(at, segments, tile * TILE, tokens);
            firstPosition[tile] = least(positions, tile * TILE, tokens);
            lastPosition[tile] = greatest(positions, tile * TILE, tokens);
            firstSegment[tile] = least(segments, tile * TILE, tokens);
            lastSegment[tile] = greatest(segments, tile * TILE, tokens);
        }
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

    /** First tile of keys from {@code from} on in which a query of the tile may see something; {@link #tiles()} if there is none. */
    int next(int sequence, int queryTile, int from) {
        int tile = from;
        while (tile < tiles && nothing(sequence * tiles + queryTile, sequence * tiles + tile)) {
            tile++;
        }
        return tile;
    }

    /** One past the last of the tiles of keys from {@code from} on that are handled at once. */
    int end(int sequence, int queryTile, int from) {
        int tile = from + 1;
        while (tile < tiles && tile - from < BLOCK && !nothing(sequence * tiles + queryTile, sequence * tiles + tile)) {
            tile++;
        }
        return tile;
    }

    /** Whether no query sees any key; may say no where it is so. */
    private boolean nothing(int q, int k) {
        return lastPosition[q] < firstPosition[k] || lastSegment[q] < firstSegment[k] || lastSegment[k] < firstSegment[q];
    }

    private boolean everything(int q, int k) {
        return firstPosition[q] >= lastPosition[k] && firstSegment[q] == lastSegment[q] && firstSegment[k] == lastSegment[k]
                && firstSegment[q] == firstSegment[k];
    }

    /** Puts minus infinity into the scores {@code [keys, TILE]} of tiles {@code from} to {@code to} of keys where the query does not see the key. */
    void hide(int sequence, int queryTile, int from, int to, float[] scores) {
        int q = sequence * tiles + queryTile;
        for (int tile = from; tile < to; tile++) {
            int k = sequence * tiles + tile;
            if (!everything(q, k)) {
                hideInTile(q * TILE, k * TILE, tokens(tile), scores, (tile - from) * TILE * TILE);
            }
        }
    }

    private void hideInTile(int query, int key, int keys, float[] scores, int at) {
        for (int j = 0; j < keys; j++) {
            hideInRow(query, segments[key + j], positions[key + j], scores, at + j * TILE);
        }
    }

    private void hideInRow(int query, int segment, int position, float[] scores, int at) {
        for (int i = 0; i < TILE; i += VectorMath.SPECIES.length()) {
            IntVector score = FloatVector.fromArray(VectorMath.SPECIES, scores, at + i).viewAsIntegralLanes();
            VectorMask<Integer> other = IntVector.fromArray(VectorMath.INTS, segments, query + i).compare(VectorOperators.NE, segment);
            VectorMask<Integer> before = IntVector.fromArray(VectorMath.INTS, positions, query + i).compare(VectorOperators.LT, position);
            score.blend(HIDDEN, other.or(before)).viewAsFloatingLanes().intoArray(scores, at + i);
        }
    }
}
