package io.softq4j.graph;

import io.softq4j.graph.kernel.RelativeBuckets;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** The expansions of the attention words of {@link Ops} into standard ops, with an array of all scores. */
final class AttentionExpansion {

    /** Added to the score of a key that must not be seen. */
    private static final double MASKED = Ops.Cache.NONE;

    private final SameDiff graph;

    AttentionExpansion(SameDiff graph) {
        this.graph = graph;
    }

    /** {@code [B, T]} to {@code [B, T, 1]}. Not {@code expandDims}, which takes [1, 1] for a scalar and gives a vector. */
    private SDVariable column(SDVariable x) {
        return graph.reshape(x, graph.concat(0, graph.shape(x), graph.constant(Nd4j.createFromArray(1L))));
    }

    /** {@code [B, T]} to {@code [B, 1, T]}. */
    private SDVariable row(SDVariable x) {
        return graph.permute(column(x), 0, 2, 1);
    }

    /** 1 where the key is of the query's segment and not later, else 0: {@code [B, T, T]}. */
    SDVariable sameSegmentAndNotLater(SDVariable positions, SDVariable segments, DataType type) {
        SDVariable notLater = graph.lte(row(positions), column(positions)).castTo(type);
        return sameSegment(segments, segments, type).mul(notLater);
    }

    /** 1 where the key is of the query's segment, else 0: {@code [B, T, S]}. */
    SDVariable sameSegment(SDVariable querySegments, SDVariable keySegments, DataType type) {
        return graph.eq(column(querySegments), row(keySegments)).castTo(type);
    }

    /** What is added to scores, {@code [B, 1, T, S]}. @param visible 1 or 0, {@code [B, T, S]} */
    SDVariable hidden(SDVariable visible) {
        return graph.expandDims(visible.sub(1).mul(-MASKED), 1);
    }

    /** 1 where a query sees any key, else 0: {@code [B, 1, T, 1]}. @param visible 1 or 0, {@code [B, T, S]} */
    SDVariable seeing(SDVariable visible) {
        return graph.expandDims(visible.max(true, 2), 1);
    }

    /** What the distances of keys add to scores, {@code [B, H, T, T]}. */
    SDVariable biases(Ops.RelativeBias bias, SDVariable positions, DataType type) {
        SDVariable offsets = row(positions).sub(column(positions)).castTo(type); // [B, T, T]
        return graph.permute(biasOf(bias, offsets), 0, 3, 1, 2);
    }

    /** The biases of all heads at offsets of any shape, as a last axis of these. */
    private SDVariable biasOf(Ops.RelativeBias bias, SDVariable offsets) {
        RelativeBuckets buckets = bias.buckets();
        int far = buckets.maxDistance();
        SDVariable index = graph.clipByValue(offsets, -far, far).add(far).castTo(DataType.INT);
        SDVariable byOffset = graph.constant(Nd4j.createFromArray(buckets.byOffset()));
        SDVariable bucket = new Lookup(graph, byOffset, graph.reshape(index, -1)).outputVariable();
        // the gradient of a product is far faster than that of a lookup of so many ids
        SDVariable rows = graph.mmul(graph.oneHot(bucket, buckets.count(), 1, 1.0, 0.0, offsets.dataType()), bias.table());
        return graph.reshape(rows, graph.concat(0, graph.shape(offsets), graph.constant(Nd4j.createFromArray(-1L))));
    }

    SDVariable self(SDVariable qkv, Ops.Sight sight, AttentionShape shape) {
        SDVariable[] parts = parts(qkv, shape.heads(), shape.keyValueHeads());
        return context(parts, sight.positions(), sight.positions(), sight.scores(), Optional.empty(), shape);
    }

    SDVariable cross(SDVariable query, SDVariable keyValue, Ops.CrossSight sight, AttentionShape shape) {
        SDVariable[] keyAndValue = graph.split(keyValue, 2, 1);
        return context(new SDVariable[] {query, keyAndValue[0], keyAndValue[1]}, sight.querySegments(), sight.keySegments(), sight.scores(),
                Optional.of(sight.seeing()), shape);
    }

    /**
     * {@code [N, H K]}.
     *
     * @param parts   queries {@code [B T, H K]}, keys and values {@code [B S, G K]}
     * @param queries of shape {@code [B, T]}
     * @param keys    of shape {@code [B, S]}
     * @param added   to scores
     * @param seeing  1 or 0 where a query may see no key, {@code [B, 1, T, 1]}
     */
    private SDVariable context(SDVariable[] parts, SDVariable queries, SDVariable keys, SDVariable added, Optional<SDVariable> seeing,
            AttentionShape shape) {
        SDVariable heads = graph.constant(Nd4j.createFromArray((long) shape.heads(), (long) shape.headWidth()));
        SDVariable queryShape = graph.concat(0, graph.shape(queries), heads);
        SDVariable keyShape = queries == keys ? queryShape : graph.concat(0, graph.shape(keys), heads);
        SDVariable query = split(parts[0], queryShape);
        SDVariable key = split(repeated(parts[1], shape), keyShape);
        SDVariable value = split(repeated(parts[2], shape), keyShape);
        SDVariable scores = graph.mmul(query, key, false, true, false).mul(shape.scale()).add(added); // [B, H, T, S]
        SDVariable context = graph.mmul(graph.nn().softmax(scores, -1), value); // [B, H, T, K]
        SDVariable seen = seeing.map(context::mul).orElse(context);
        return graph.reshape(graph.permute(seen, 0, 2, 1, 3), -1, shape.heads() * shape.headWidth());
    }

    /** [N, H K] to [B, H, T, K]. */
    private SDVariable split(SDVariable x, SDVariable shape) {
        return graph.permute(graph.reshape(x, shape), 0, 2, 1, 3);
    }

    /** From {@code [N, G K]} to {@code [N, H K]}. */
    private SDVariable repeated(SDVariable x, AttentionShape shape) {
        int heads = shape.heads();
        int keyValueHeads = shape.keyValueHeads();
        if (heads == keyValueHeads) {
            return x;
        }
        SDVariable[] shared = keyValueHeads == 1 ? new SDVariable[] {x} : graph.split(x, keyValueHeads, 1);
        SDVariable[] all = new SDVariable[heads];
        Arrays.setAll(all, head -> shared[head / (heads / keyValueHeads)]);
        return graph.concat(1, all);
    }

    /** Queries {@code [N, H K]}, keys and values {@code [N, G K]}. */
    private SDVariable[] parts(SDVariable qkv, int heads, int keyValueHeads) {
        if (keyValueHeads == heads) {
            return graph.split(qkv, 3, 1);
        }
        SDVariable[] all = graph.split(qkv, heads + 2 * keyValueHeads, 1);
        return new SDVariable[] {joined(all, 0, heads), joined(all, heads, keyValueHeads), joined(all, heads + keyValueHeads,
                keyValueHeads)};
    }

    private SDVariable joined(SDVariable[] all, int from, int count) {
        return count == 1 ? all[from] : graph.concat(1, Arrays.copyOfRange(all, from, from + count));
    }

    Ops.Cached cached(SDVariable qkv, Ops.Cache cache, AttentionShape shape, Optional<Ops.RelativeBias> bias) {
        int shared = shape.keyValueHeads();
        int group = shape.heads() / shared;
        SDVariable[] parts = parts(qkv, shape.heads(), shared);
        SDVariable query = graph.reshape(parts[0], -1, shared, group, shape.headWidth());
        SDVariable key = graph.reshape(parts[1], -1, shared, 1, shape.headWidth());
        SDVariable value = graph.reshape(parts[2], -1, shared, 1, shape.headWidth());
        SDVariable past = graph.mmul(query, cache.keys(), false, true, false).mul(shape.scale()).add(cache.mask()); // [R, G, H / G, C]
        SDVariable self = query.mul(key).sum(true, 3).mul(shape.scale()); // [R, G, H / G, 1]
        if (bias.isPresent()) {
            past = past.add(graph.reshape(cachedBiases(bias.get(), cache.mask()), graph.shape(past)));
            self = self.add(graph.reshape(biasOf(bias.get(), graph.constant(Nd4j.zeros(cache.mask().dataType(), 1))), 1, shared, group, 1));
        }
        SDVariable most = graph.math().max(past.max(true, 3), self);
        SDVariable pastWeights = graph.math().exp(past.sub(most));
        SDVariable selfWeight = graph.math().exp(self.sub(most));
        SDVariable total = pastWeights.sum(true, 3).add(selfWeight);
        SDVariable context = graph.mmul(pastWeights, cache.values()).add(value.mul(selfWeight)).div(total); // [R, G, H / G, K]
        return new Ops.Cached(graph.reshape(context, -1, shape.heads() * shape.headWidth()), key, value);
    }

    /** {@code [R, H, 1, 1, C]}: cached token c of n is n - c before the new one, which is as many cached ones as there are from c on. */
    private SDVariable cachedBiases(Ops.RelativeBias bias, SDVariable mask) {
        SDVariable cached = mask.gt(MASKED / 2).castTo(mask.dataType()); // [R, 1, 1, C]
        SDVariable distances = graph.cumsum(cached, false, true, 3);
        return graph.permute(biasOf(bias, distances.neg()), 0, 4, 1, 2, 3);
    }
}
