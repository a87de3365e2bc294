package io.softq4j.graph.cpu;

import static io.softq4j.graph.cpu.Visibility.TILE;

import io.softq4j.graph.kernel.AttentionSpec;
import io.softq4j.graph.kernel.RelativeBuckets;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.VectorMath;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The biases of {@link RelativeBuckets} to scores {@code [keys, TILE]}, from a table {@code [buckets, H]}. The biases of a head lie in the
 * order of distances, position of the query less that of the key, so that a key's biases to queries at positions that grow by 1 are a slice
 * of them. At either end the last bias is repeated, as all beyond the greatest distance of the buckets are the same.
 */
final class OffsetBias {

    private final FloatBuffer table;
    private final int heads;
    private final int far;
    /** By the place of a distance in {@link #biases}. */
    private final int[] buckets;
    private final float[][] biases; // [H][2 (far + TILE) + 1]

    OffsetBias(RelativeBuckets buckets, FloatBuffer table, int heads) {
        if (table.capacity() != buckets.count() * heads) {
            throw new IllegalArgumentException("a table of " + table.capacity() + " biases is not one of " + buckets.count()
                    + " buckets and "
                    + heads + " heads");
        }
        this.table = table;
        this.heads = heads;
        this.far = buckets.maxDistance();
        this.buckets = new int[2 * (far + TILE) + 1];
        Arrays.setAll(this.buckets, place -> buckets.of(far + TILE - place));
        this.biases = new float[heads][this.buckets.length];
    }

    /** Of an attention's inputs; empty if it has no bias. */
    static Optional<OffsetBias> of(AttentionSpec spec, List<INDArray> inputs) {
        return spec.buckets().map(b -> new OffsetBias(b, Memory.floats(inputs.get(3)), spec.heads()));
    }

    /** Reads the table; to be called when it may have changed. */
    void look() {
        for (int head = 0; head < heads; head++) {
            for (int place = 0; place < buckets.length; place++) {
                biases[head][place] = table.get(buckets[place] * heads + head);
            }
        }
    }

    /** How many sums {@link #collect} needs. */
    int places() {
        return buckets.length;
    }

    /** Where the biases of a key to queries at a position and up to {@link Visibility#TILE} following ones start. */
    private int place(int query, int key) {
        return far + TILE + (int) Math.max(-far - TILE, Math.min(far, (long) query - key));
    }

    /** The bias of one key to one query. */
    float of(int head, int query, int key) {
        return biases[head][place(query, key)];
    }

    /** Adds the biases of a tile of queries and some of keys, each numbered through all sequences, to the scores from {@code at} on. */
    void add(int head, Tokens queries, int queryTile, int queryCount, Tokens keys, int keyTile, int keyCount, float[] scores, int at) {
        for (int i = 0; i < queryCount; i = queries.endOfRun(queryTile, i)) {
            int size = queries.endOfRun(queryTile, i) - i;
            int position = queries.positions[queryTile * TILE + i];
            for (int j = 0; j < keyCount; j++) {
                add(scores, at + j * TILE + i, biases[head], place(position, keys.positions[keyTile * TILE + j]), size);
            }
        }
    }

    /** Adds gradients of scores to sums by place, as {@link #add} adds biases to scores. */
    void collect(Tokens queries, int queryTile, int queryCount, Tokens keys, int keyTile, int keyCount, float[] gradients, float[] sums) {
        for (int i = 0; i < queryCount; i = queries.endOfRun(queryTile, i)) {
            int size = queries.endOfRun(queryTile, i) - i;
            int position = queries.positions[queryTile * TILE + i];
            for (int j = 0; j < keyCount; j++) {
                add(sums, place(position, keys.positions[keyTile * TILE + j]), gradients, j * TILE + i, size);
            }
        }
    }

    /** to[toAt + i] += from[fromAt + i]. */
    private static void add(float[] to, int toAt, float[] from, int fromAt, int size) {
        int i = 0;
        for (int bound = VectorMath.SPECIES.loopBound(size); i < bound; i += VectorMath.SPECIES.length()) {
            FloatVector.fromArray(VectorMath.SPECIES, to, toAt + i).add(FloatVector.fromArray(VectorMath.SPECIES, from, fromAt + i))
                    .intoArray(to, toAt + i);
        }
        for (; i < size; i++) {
            to[toAt + i] += from[fromAt + i];
        }
    }

    /** Adds sums by place to sums by bucket, and clears them. */
    void toBuckets(float[] sums, double[] byBucket) {
        for (int place = 0; place < buckets.length; place++) {
            byBucket[buckets[place]] += sums[place];
        }
        Arrays.fill(sums, 0, buckets.length, 0f);
    }
}
