package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Memory;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What an {@link Attention} computes, and how it and its gradient read their first inputs. To the tokens of the same row: q k v, positions, segments
 * and, with a bias, its table. Across: q, k v, segments of the queries, segments of the keys.
 *
 * @param across        whether queries and keys are of different sequences
 * @param causal        whether keys at later positions are hidden; not across
 * @param buckets       of the bias, or empty; not across
 * @param heads         H
 * @param keyValueHeads G
 * @param scale         what q k^T is multiplied with
 */
record AttentionSpec(boolean across, boolean causal, Optional<RelativeBuckets> buckets, int heads, int keyValueHeads, double scale) {

    /** The first inputs. */
    int inputs() {
        return across || buckets.isPresent() ? 4 : 3;
    }

    /** The first inputs of an op and others. */
    SDVariable[] and(SDVariable[] first, SDVariable... others) {
        return Stream.concat(Stream.of(first).limit(inputs()), Stream.of(others)).toArray(SDVariable[]::new);
    }

    int headWidth(List<long[]> inputs) {
        long width = inputs.get(0)[1];
        return across ? Layout.headWidthApart(width, inputs.get(1)[1], heads, keyValueHeads) : Layout.headWidth(width, heads, keyValueHeads);
    }

    /** Of products of all queries with the keys they see, in rows without padding: causal, half of the keys. */
    long flops(List<long[]> inputs, int products) {
        long width = (long) heads * headWidth(inputs);
        long keys = inputs.get(across ? 3 : 1)[1];
        return Math.multiplyExact(products * width * (causal ? keys + 1 : 2 * keys), inputs.get(0)[0]);
    }

    Layout layout(List<INDArray> inputs) {
        int headWidth = headWidth(inputs.stream().map(INDArray::shape).toList());
        INDArray queries = inputs.get(across ? 2 : 1);
        INDArray keys = inputs.get(across ? 3 : 1);
        if (queries.size(0) != keys.size(0)) {
            throw new IllegalArgumentException(queries.size(0) + " sequences of queries and " + keys.size(0) + " of keys");
        }
        return new Layout((int) queries.size(0), (int) queries.size(1), (int) keys.size(1), headWidth, heads, keyValueHeads, across);
    }

    Visibility visibility(List<INDArray> inputs) {
        if (across) {
            return new Visibility(new Tokens(null, Memory.ints(inputs.get(2)), (int) inputs.get(2).size(1)),
                    new Tokens(null, Memory.ints(inputs.get(3)), (int) inputs.get(3).size(1)), false);
        }
        Tokens tokens = new Tokens(Memory.ints(inputs.get(1)), Memory.ints(inputs.get(2)), (int) inputs.get(1).size(1));
        return new Visibility(tokens, tokens, causal);
    }

    Optional<OffsetBias> bias(List<INDArray> inputs) {
        return buckets.map(b -> new OffsetBias(b, Memory.floats(inputs.get(3)), heads));
    }

    /** The array that keys and values are in. */
    int keyValues() {
        return across ? 1 : 0;
    }
}
