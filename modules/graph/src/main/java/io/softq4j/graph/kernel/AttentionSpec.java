package io.softq4j.graph.kernel;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * What an {@link Attention} computes, and how it and its gradient read their first inputs. To the tokens of the same row: q k v, positions,
 * segments and, with a bias, its table. Across: q, k v, segments of the queries, segments of the keys.
 *
 * @param across        whether queries and keys are of different sequences
 * @param causal        whether keys at later positions are hidden; not across
 * @param buckets       of the bias, or empty; not across
 * @param heads         H
 * @param keyValueHeads G
 * @param scale         what q k^T is multiplied with
 */
public record AttentionSpec(boolean across, boolean causal, Optional<RelativeBuckets> buckets, int heads, int keyValueHeads, double scale) {

    /** The first inputs. */
    public int inputs() {
        return across || buckets.isPresent() ? 4 : 3;
    }

    /** The first inputs of an op and others. */
    SDVariable[] and(SDVariable[] first, SDVariable... others) {
        return Stream.concat(Stream.of(first).limit(inputs()), Stream.of(others)).toArray(SDVariable[]::new);
    }

    /** K, given the shapes of the inputs. */
    int headWidth(List<long[]> inputs) {
        long width = inputs.get(0)[1];
        return across ? Layout.headWidthApart(width, inputs.get(1)[1], heads, keyValueHeads) : Layout.headWidth(width, heads,
                keyValueHeads);
    }

    /** Of products of all queries with the keys they see, in rows without padding: causal, half of the keys. */
    long flops(List<long[]> inputs, int products) {
        long width = (long) heads * headWidth(inputs);
        long keys = inputs.get(across ? 3 : 1)[1];
        return Math.multiplyExact(products * width * (causal ? keys + 1 : 2 * keys), inputs.get(0)[0]);
    }

    /** How the heads lie in the arrays. @param inputs their shapes */
    public Layout layout(List<long[]> inputs) {
        long[] queries = inputs.get(across ? 2 : 1);
        long[] keys = inputs.get(across ? 3 : 1);
        if (queries[0] != keys[0]) {
            throw new IllegalArgumentException(queries[0] + " sequences of queries and " + keys[0] + " of keys");
        }
        return new Layout((int) queries[0], (int) queries[1], (int) keys[1], headWidth(inputs), heads, keyValueHeads, across);
    }

    /** Which input keys and values are in. */
    public int keyValues() {
        return across ? 1 : 0;
    }
}
