package io.softq4j.graph.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How the heads lie in the arrays of {@link Attention}: a row of q k v holds the H queries, then the G keys, then the G values of one token, K
 * elements each; H / G queries in a row share a key and a value.
 *
 * @param sequences     B
 * @param length        T
 * @param headWidth     K
 * @param heads         H
 * @param keyValueHeads G, a divisor of H
 */
record Layout(int sequences, int length, int headWidth, int heads, int keyValueHeads) {

    Layout {
        if (heads < 1 || keyValueHeads < 1 || heads % keyValueHeads != 0) {
            throw new IllegalArgumentException("heads must be a multiple of keyValueHeads, were " + heads + " and " + keyValueHeads);
        }
    }

    /**
     * @param positions {@code [B, T]}, for its shape
     * @param qkv       {@code [N, (H + 2 G) K]}, for its shape
     */
    static Layout of(INDArray positions, INDArray qkv, int heads, int keyValueHeads) {
        return new Layout((int) positions.size(0), (int) positions.size(1), headWidth(qkv.size(1), heads, keyValueHeads), heads, keyValueHeads);
    }

    /** K, when a row of q k v has {@code width} elements. */
    static int headWidth(long width, int heads, int keyValueHeads) {
        if (width % (heads + 2L * keyValueHeads) != 0) {
            throw new IllegalArgumentException("rows of " + width + " elements cannot hold " + heads + " queries, " + keyValueHeads + " keys and "
                    + keyValueHeads + " values of one width");
        }
        return (int) (width / (heads + 2L * keyValueHeads));
    }

    /** Elements of a row of q k v. */
    int stride() {
        return (heads + 2 * keyValueHeads) * headWidth;
    }

    /** Elements of a row of the context. */
    int width() {
        return heads * headWidth;
    }

    /** Queries that share one key and value. */
    int group() {
        return heads / keyValueHeads;
    }

    /** Element of q k v where the query of token {@code t} starts. */
    long query(int sequence, int t, int head) {
        return row(sequence, t) * stride() + (long) head * headWidth;
    }

    /** Element of q k v where a key of token {@code t} starts. */
    long key(int sequence, int t, int keyValueHead) {
        return query(sequence, t, heads + keyValueHead);
    }

    /** Element of q k v where a value of token {@code t} starts. */
    long value(int sequence, int t, int keyValueHead) {
        return query(sequence, t, heads + keyValueHeads + keyValueHead);
    }

    /** Element of the context where that of token {@code t} starts. */
    long context(int sequence, int t, int head) {
        return row(sequence, t) * width() + (long) head * headWidth;
    }

    private long row(int sequence, int t) {
        return (long) sequence * length + t;
    }

    /** Place of a query in {@code [B H T]}. */
    int lane(int sequence, int head, int t) {
        return (sequence * heads + head) * length + t;
    }
}
