package io.softq4j.model;

import io.softq4j.graph.AttentionShape;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import io.softq4j.graph.kernel.Activation;
import io.softq4j.graph.kernel.RelativeBuckets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * T5 (Raffel et al. 2020, arXiv 1910.10683) as Hugging Face's {@code T5ForConditionalGeneration} computes it: an encoder over the source
 * and a decoder that attends to itself and to the encoder's output; root-mean-square norms before each part of a block, no biases of linear
 * layers, scores that are not scaled and gain by the distance of the key, from one table for all blocks of a stack.
 *
 * <p>One token table {@code [V, D]} serves encoder and decoder, and the output layer where it is tied. Linear weights are
 * {@code [out, in]}.
 */
final class T5 extends Transformer {

    static final String TOKEN_TABLE = "shared.weight";
    static final String OUTPUT = "lm_head.weight";

    private static final String ENCODER = "encoder";
    private static final String DECODER = "decoder";

    /** A part of a block: from the norm of the residual stream, {@code [N, D]}, to what is added to the stream. */
    private interface Part {

        /** @param name what the names of the part's tensors begin with */
        SDVariable apply(int block, String name, SDVariable x);
    }

    /** Self-attention of a block: from query, key and value side by side, {@code [N, 3 H K]}, to the context {@code [N, H K]}. */
    private interface SelfAttention {

        SDVariable context(int block, SDVariable qkv);
    }

    private final T5Config config;
    private final AttentionShape heads;

    T5(T5Config config, Weights weights, Lowering lowering, DataType type) {
        super(weights, lowering, type);
        this.config = config;
        this.heads = AttentionShape.unscaled(config.dKv(), config.numHeads());
    }

    @Override
    ModelGraph sequences() {
        SDVariable table = tokenTable();
        SDVariable sourceSegments = ModelGraph.tokens(graph, ModelGraph.SOURCE_ATTENTION_MASK); // [B, S]
        SDVariable encoded = encoded(table, sourceSegments); // [B S, D]
        SDVariable ids = ModelGraph.tokens(graph, ModelGraph.INPUT_IDS); // [B, T]
        SDVariable positions = ModelGraph.tokens(graph, ModelGraph.POSITION_IDS);
        SDVariable segments = ModelGraph.tokens(graph, ModelGraph.ATTENTION_MASK);
        Ops.Causality causality = ops.causality(positions, segments, type, Optional.of(bias(DECODER)));
        Ops.CrossSight sight = ops.crossSight(segments, sourceSegments, type);
        SDVariable decoded = decoded(table, graph.reshape(ids, -1), (block, qkv) -> ops.attention(qkv, causality, heads),
                (block, name, x) -> crossAttention(name, x, keysAndValues(name, encoded), sight));
        SDVariable output = outputTable(table);
        return model(config.vocabSize(), ops.linearTransposed(decoded, output), Optional.of(new ModelGraph.Output(decoded, output)));
    }

    @Override
    DecoderGraph steps() {
        SDVariable table = tokenTable();
        SDVariable tokens = graph.placeHolder(DecoderGraph.TOKENS, DataType.INT, -1); // [R]
        SDVariable lengths = graph.placeHolder(DecoderGraph.LENGTHS, DataType.INT, -1);
        SDVariable mask = graph.placeHolder(DecoderGraph.MASK, type, -1, 1, 1, -1); // [R, 1, 1, C]
        SDVariable sourceSegments = ModelGraph.tokens(graph, ModelGraph.SOURCE_ATTENTION_MASK); // [R, S]
        Ops.CrossSight sight = ops.crossSight(graph.reshape(graph.onesLike(tokens), -1, 1), sourceSegments, type);
        Optional<Ops.RelativeBias> bias = Optional.of(bias(DECODER));
        List<DecoderGraph.Cache> caches = new ArrayList<>();
        List<String> sources = new ArrayList<>();
        SDVariable decoded = decoded(table, tokens, (block, qkv) -> {
            SDVariable pastKeys = graph.placeHolder("past_keys." + block, type, -1, config.numHeads(), -1, config.dKv());
            SDVariable pastValues = graph.placeHolder("past_values." + block, type, -1, config.numHeads(), -1, config.dKv());
            Ops.Cached attention = ops.cachedAttention(qkv, new Ops.Cache(lengths, mask, pastKeys, pastValues), heads, bias);
            caches.add(new DecoderGraph.Cache(pastKeys, attention.key()));
            caches.add(new DecoderGraph.Cache(pastValues, attention.value()));
            return attention.context();
        }, (block, name, x) -> {
            SDVariable source = graph.placeHolder("source_keys_values." + block, type, -1, 2L * config.innerWidth());
            sources.add(source.name());
            return crossAttention(name, x, source, sight);
        });
        SDVariable logits = ops.linearTransposed(decoded, outputTable(table));
        Ops.SoftValue values = ops.softValues(logits, tokens, 1, config.vocabSize(), type);
        return new DecoderGraph(graph, logits.name(), values.value().name(), values.entropy().name(), List.copyOf(caches),
                config.numHeads(),
                config.dKv(), List.copyOf(sources));
    }

    @Override
    EncoderGraph encoder() {
        SDVariable encoded = encoded(tokenTable(), ModelGraph.tokens(graph, ModelGraph.SOURCE_ATTENTION_MASK));
        List<String> projected = new ArrayList<>();
        for (int block = 0; block < config.numDecoderLayers(); block++) {
            projected.add(keysAndValues(part(DECODER, block, 1) + ".EncDecAttention", encoded).name());
        }
        return new EncoderGraph(graph, List.copyOf(projected), config.encoderDecoder().orElseThrow());
    }

    /** The encoder's output, {@code [B S, D]}, its last norm included. */
    private SDVariable encoded(SDVariable table, SDVariable segments) {
        SDVariable ids = ModelGraph.tokens(graph, ModelGraph.SOURCE_IDS); // [B, S]
        SDVariable positions = ModelGraph.tokens(graph, ModelGraph.SOURCE_POSITION_IDS);
        Ops.SameSegment sight = ops.sameSegment(positions, segments, type, Optional.of(bias(ENCODER)));
        return stack(ENCODER, config.numLayers(), ops.embedding(table, graph.reshape(ids, -1)),
                List.of((block, name, x) -> selfAttention(name, block, x, (layer, qkv) -> ops.attention(qkv, sight, heads)),
                this::feedForward));
    }

    /** What the output layer reads, {@code [N, D]}. */
    private SDVariable decoded(SDVariable table, SDVariable ids, SelfAttention attention, Part crossAttention) {
        SDVariable normed = stack(DECODER, config.numDecoderLayers(), ops.embedding(table, ids),
                List.of((block, name, x) -> selfAttention(name, block, x, attention),
                        (block, name, x) -> crossAttention.apply(block, name + ".EncDecAttention", x), this::feedForward));
        return config.scaleDecoderOutputs() ? normed.mul(1 / Math.sqrt(config.dModel())) : normed;
    }

    /** All blocks and the norm after the last. */
    private SDVariable stack(String name, int blocks, SDVariable embedded, List<Part> parts) {
        SDVariable x = dropped(embedded); // [N, D]
        SDVariable normed = ops.rmsNorm(x, gain(part(name, 0, 0) + ".layer_norm"), config.layerNormEpsilon());
        layers.add(x.name());
        int all = blocks * parts.size();
        for (int i = 0; i < all; i++) {
            int block = i / parts.size();
            SDVariable added = dropped(parts.get(i % parts.size()).apply(block, part(name, block, i % parts.size()), normed));
            int next = i + 1;
            String norm = next < all ? part(name, next / parts.size(), next % parts.size()) + ".layer_norm" : name + ".final_layer_norm";
            Ops.Residual step = ops.residualRmsNorm(x, added, gain(norm), config.layerNormEpsilon());
            if (next % parts.size() == 0) {
                layers.addAll(step.names());
            }
            x = step.sum();
            normed = step.norm();
        }
        return normed;
    }

    private SDVariable selfAttention(String name, int block, SDVariable x, SelfAttention attention) {
        String self = name + ".SelfAttention";
        SDVariable query = linear(self + ".q", x, config.dModel(), config.innerWidth(), queryRange());
        SDVariable key = linear(self + ".k", x, config.dModel(), config.innerWidth(), inputRange());
        SDVariable value = linear(self + ".v", x, config.dModel(), config.innerWidth(), inputRange());
        return output(self, attention.context(block, graph.concat(1, query, key, value)));
    }

    /** @param source keys and values of the encoder's output, {@code [B S, 2 H K]} */
    private SDVariable crossAttention(String name, SDVariable x, SDVariable source, Ops.CrossSight sight) {
        SDVariable query = linear(name + ".q", x, config.dModel(), config.innerWidth(), queryRange());
        return output(name, ops.crossAttention(query, source, sight, heads));
    }

    /** Keys and values of the encoder's output side by side, {@code [B S, 2 H K]}. */
    private SDVariable keysAndValues(String name, SDVariable encoded) {
        return graph.concat(1, linear(name + ".k", encoded, config.dModel(), config.innerWidth(), inputRange()),
                linear(name + ".v", encoded, config.dModel(), config.innerWidth(), inputRange()));
    }

    private SDVariable output(String name, SDVariable context) {
        return linear(name + ".o", context, config.innerWidth(), config.dModel(),
                config.initializerFactor() / Math.sqrt(config.innerWidth()));
    }

    private SDVariable feedForward(int block, String name, SDVariable x) {
        String dense = name + ".DenseReluDense"; // also where it is none
        return switch (config.feedForwardProj()) {
            case RELU -> outer(dense, inner(dense + ".wi", x), Activation.RELU);
            case GATED_GELU -> outer(dense, ops.geGlu(graph.concat(1, inner(dense + ".wi_0", x), inner(dense + ".wi_1", x))),
                    Activation.NONE);
        };
    }

    private SDVariable inner(String name, SDVariable x) {
        return linear(name, x, config.dModel(), config.dFf(), inputRange());
    }

    private SDVariable outer(String dense, SDVariable inner, Activation activation) {
        return linear(dense + ".wo", inner, activation, config.dFf(), config.dModel(), config.initializerFactor() / Math.sqrt(config.dFf()),
                false);
    }

    private static String part(String stack, int block, int part) {
        return stack + ".block." + block + ".layer." + part;
    }

    private SDVariable tokenTable() {
        return parameter(TOKEN_TABLE, 0, config.initializerFactor(), config.vocabSize(), config.dModel());
    }

    private SDVariable outputTable(SDVariable table) {
        return config.tieWordEmbeddings() ? table : parameter(OUTPUT, 0, config.initializerFactor(), config.vocabSize(), config.dModel());
    }

    private Ops.RelativeBias bias(String stack) {
        int buckets = config.relativeAttentionNumBuckets();
        SDVariable table = parameter(part(stack, 0, 0) + ".SelfAttention.relative_attention_bias.weight", 0, inputRange(), buckets,
                config.numHeads());
        return new Ops.RelativeBias(table, new RelativeBuckets(buckets, stack.equals(ENCODER), config.relativeAttentionMaxDistance()));
    }

    private SDVariable gain(String name) {
        return parameter(name + ".weight", config.initializerFactor(), 0, config.dModel());
    }

    private SDVariable linear(String name, SDVariable x, int in, int out, double deviation) {
        return linear(name, x, in, out, deviation, false);
    }

    private double inputRange() {
        return config.initializerFactor() / Math.sqrt(config.dModel());
    }

    /** The scale other transformers have in their attention. */
    private double queryRange() {
        return config.initializerFactor() / Math.sqrt((double) config.dModel() * config.dKv());
    }
}
