package io.softq4j.graph.cpu;

import io.softq4j.graph.kernel.AttentionSpec;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.VectorMath;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Which keys a query may see: those of its segment, or, causal, of these the ones at positions up to its own. What holds for whole tiles of
 * {@link #TILE} queries and as many keys is known from the least and the greatest segment and position in each, so that only mixed tiles
 * are looked at token by token.
 *
 * @param queries of B sequences
 * @param keys    of as many; the same object where queries and keys are of the same tokens
 */
public record Visibility(Tokens queries, Tokens keys, boolean causal) {

    /** Tokens of a tile. */
    public static final int TILE = 64;

    /** Tiles of keys handled at once. */
    static final int BLOCK = 8;

    private static final int HIDDEN = Float.floatToRawIntBits(Float.NEGATIVE_INFINITY);

    /** Of an attention's inputs. */
    static Visibility of(AttentionSpec spec, List<INDArray> inputs) {
        if (spec.across()) {
            return new Visibility(new Tokens(null, Memory.ints(inputs.get(2)), (int) inputs.get(2).size(1)),
                    new Tokens(null, Memory.ints(inputs.get(3)), (int) inputs.get(3).size(1)), false);
        }
        Tokens tokens = new Tokens(Memory.ints(inputs.get(1)), Memory.ints(inputs.get(2)), (int) inputs.get(1).size(1));
        return new Visibility(tokens, tokens, spec.causal());
    }

    /** Reads positions and segments; to be called when they may have changed. */
    void look() {
        queries.look();
        if (keys != queries) {
            keys.look();
        }
    }

    /** First tile of keys from {@code from} on in which a query of the tile may see something; the number of tiles if there is none. */
    int next(int sequence, int queryTile, int from) {
        int tile = from;
        while (tile < keys.tiles() && nothing(sequence * queries.tiles() + queryTile, sequence * keys.tiles() + tile)) {
            tile++;
        }
        return tile;
    }

    /** One past the last of the tiles of keys from {@code from} on that are handled at once. */
    int end(int sequence, int queryTile, int from) {
        int tile = from + 1;
        while (tile < keys.tiles() && tile - from < BLOCK
                && !nothing(sequence * queries.tiles() + queryTile, sequence * keys.tiles() + tile)) {
            tile++;
        }
        return tile;
    }

    /** Whether no query sees any key; may say no where it is so. */
    private boolean nothing(int q, int k) {
        return causal && queries.lastPosition[q] < keys.firstPosition[k]
                || queries.lastSegment[q] < keys.firstSegment[k] || keys.lastSegment[k] < queries.firstSegment[q];
    }

    private boolean everything(int q, int k) {
        return (!causal || queries.firstPosition[q] >= keys.lastPosition[k]) && queries.firstSegment[q] == queries.lastSegment[q]
                && keys.firstSegment[k] == keys.lastSegment[k] && queries.firstSegment[q] == keys.firstSegment[k];
    }

    /**
     * Puts minus infinity into the scores {@code [keys, TILE]} of tiles {@code from} to {@code to} of keys where the query does not see the
     * key.
     */
    void hide(int sequence, int queryTile, int from, int to, float[] scores) {
        int q = sequence * queries.tiles() + queryTile;
        for (int tile = from; tile < to; tile++) {
            int k = sequence * keys.tiles() + tile;
            if (!everything(q, k)) {
                hideInTile(q * TILE, k * TILE, keys.tokens(tile), scores, (tile - from) * TILE * TILE);
            }
        }
    }

    private void hideInTile(int query, int key, int count, float[] scores, int at) {
        for (int j = 0; j < count; j++) {
            if (causal) {
                hideOthersAndBefore(query, keys.segments[key + j], keys.positions[key + j], scores, at + j * TILE);
            } else {
                hideOthers(query, keys.segments[key + j], scores, at + j * TILE);
            }
        }
    }

    /** From queries of another segment and those before the key. */
    private void hideOthersAndBefore(int query, int segment, int position, float[] scores, int at) {
        for (int i = 0; i < TILE; i += VectorMath.SPECIES.length()) {
            IntVector score = FloatVector.fromArray(VectorMath.SPECIES, scores, at + i).viewAsIntegralLanes();
            VectorMask<Integer> other = IntVector.fromArray(VectorMath.INTS, queries.segments, query + i).compare(VectorOperators.NE,
                    segment);
            VectorMask<Integer> before = IntVector.fromArray(VectorMath.INTS, queries.positions, query + i).compare(VectorOperators.LT,
                    position);
            score.blend(HIDDEN, other.or(before)).viewAsFloatingLanes().intoArray(scores, at + i);
        }
    }

    /** From queries of another segment. */
    private void hideOthers(int query, int segment, float[] scores, int at) {
        for (int i = 0; i < TILE; i += VectorMath.SPECIES.length()) {
            IntVector score = FloatVector.fromArray(VectorMath.SPECIES, scores, at + i).viewAsIntegralLanes();
            VectorMask<Integer> other = IntVector.fromArray(VectorMath.INTS, queries.segments, query + i).compare(VectorOperators.NE,
                    segment);
            score.blend(HIDDEN, other).viewAsFloatingLanes().intoArray(scores, at + i);
        }
    }
}
