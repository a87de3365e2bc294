package io.softq4j.model;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The two graphs of a causal transformer, over whole sequences and of one decoding step: a family says what lies between embedding and
 * output.
 */
abstract class CausalTransformer extends Transformer {

    /**
     * The heads of the attention.
     *
     * @param count     H, heads of queries
     * @param keyValues G, heads of keys and of values, a divisor of H
     * @param width     K
     */
    record Heads(int count, int keyValues, int width) {
    }

    private final int vocabulary;
    private final Heads heads;

    CausalTransformer(int vocabulary, Heads heads, Weights weights, Lowering lowering, DataType type) {
        super(weights, lowering, type);
        if (vocabulary == 0) {
            throw new IllegalArgumentException("vocab_size is not set");
        }
        this.vocabulary = vocabulary;
        this.heads = heads;
    }

    /**
     * From flat ids and positions to what the output layer reads {@code [N, D]}.
     *
     * @param attention maps (layer, q k v side by side) to the context
     */
    abstract SDVariable hidden(SDVariable ids, SDVariable positions, BiFunction<Integer, SDVariable, SDVariable> attention);

    /** Weight of the output layer, {@code [V, D]}; called after {@link #hidden}. */
    abstract SDVariable outputTable();

    @Override
    final ModelGraph sequences() {
        SDVariable ids = ModelGraph.tokens(graph, ModelGraph.INPUT_IDS); // [B, T]
        SDVariable positions = ModelGraph.tokens(graph, ModelGraph.POSITION_IDS);
        SDVariable segments = ModelGraph.tokens(graph, ModelGraph.ATTENTION_MASK);
        Ops.Causality causality = ops.causality(positions, segments, type);
        SDVariable hidden = hidden(graph.reshape(ids, -1), graph.reshape(positions, -1),
                (layer, qkv) -> ops.attention(qkv, causality, heads.width(), heads.count(), heads.keyValues()));
        SDVariable table = outputTable();
        SDVariable logits = ops.linearTransposed(hidden, table);
        return model(vocabulary, logits, Optional.of(new ModelGraph.Output(hidden, table)));
    }

    @Override
    final DecoderGraph steps() {
        SDVariable tokens = graph.placeHolder(DecoderGraph.TOKENS, DataType.INT, -1); // [B]
        SDVariable positions = graph.placeHolder(DecoderGraph.POSITIONS, DataType.INT, -1);
        SDVariable lengths = graph.placeHolder(DecoderGraph.LENGTHS, DataType.INT, -1);
        SDVariable mask = graph.placeHolder(DecoderGraph.MASK, type, -1, 1, 1, -1); // [B, 1, 1, C]
        List<DecoderGraph.Cache> caches = new ArrayList<>();
        SDVariable hidden = hidden(tokens, positions, (layer, qkv) -> {
            SDVariable pastKeys = graph.placeHolder("past_keys." + layer, type, -1, heads.keyValues(), -1, heads.width());
            SDVariable pastValues = graph.placeHolder("past_values." + layer, type, -1, heads.keyValues(), -1, heads.width());
            Ops.Cached attention = ops.cachedAttention(qkv, new Ops.Cache(lengths, mask, pastKeys, pastValues), heads.width(),
                    heads.count(),
                    heads.keyValues());
            caches.add(new DecoderGraph.Cache(pastKeys, attention.key()));
            caches.add(new DecoderGraph.Cache(pastValues, attention.value()));
            return attention.context();
        });
        SDVariable logits = ops.linearTransposed(hidden, outputTable());
        Ops.SoftValue values = ops.softValues(logits, tokens, 1, vocabulary, type);
        return new DecoderGraph(graph, logits.name(), values.value().name(), values.entropy().name(), List.copyOf(caches),
                heads.keyValues(),
                heads.width(), List.of());
    }
}
