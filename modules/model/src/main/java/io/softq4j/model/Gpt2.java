package io.softq4j.model;

import io.softq4j.graph.Graphs;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import io.softq4j.graph.kernel.Activation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * GPT-2 (Radford et al. 2019) as Hugging Face's {@code GPT2LMHeadModel} computes it: learned positions, pre-norm blocks, tanh GELU, output layer
 * tied to the token embedding. Linear weights are {@code [in, out]}.
 */
public final class Gpt2 {

    private static final String TOKEN_TABLE = "transformer.wte.weight";

    private final Gpt2Config config;
    private final Weights weights;
    private final DataType type;
    private final SameDiff graph = Graphs.create();
    private final Ops ops;
    private final List<String> parameters = new ArrayList<>();
    private final Set<String> layers = new LinkedHashSet<>();

    private Gpt2(Gpt2Config config, Weights weights, Lowering lowering, DataType type) {
        if (config.vocabSize() == 0) {
            throw new IllegalArgumentException("vocab_size is not set");
        }
        this.config = config;
        this.weights = weights;
        this.type = type;
        this.ops = new Ops(graph, lowering);
    }

    /**
     * Builds the graph with fresh weights: normal with deviation {@code initializer_range}, the projections back into the residual stream scaled by
     * 1 / sqrt(2 n_layer), biases 0, gains 1.
     */
    public static ModelGraph build(Gpt2Config config, long seed, Lowering lowering, DataType type) {
        return build(config, Weights.fresh(seed, type), lowering, type);
    }

    /** The graph of a model without its weights, to plan with: nothing is allocated for them, and it cannot be run. */
    public static ModelGraph outline(Gpt2Config config, Lowering lowering) {
        return build(config, Weights.none(DataType.FLOAT), lowering, DataType.FLOAT);
    }

    static ModelGraph build(Gpt2Config config, Weights weights, Lowering lowering, DataType type) {
        return new Gpt2(config, weights, lowering, type).sequences();
    }

    /** The graph that reads one new token a sequence, with the weights of {@code model}. */
    static DecoderGraph decoder(Gpt2Config config, ModelGraph model, Lowering lowering) {
        return new Gpt2(config, Weights.of(model.graph()), lowering, model.type()).steps();
    }

    private ModelGraph sequences() {
        SDVariable ids = ModelGraph.tokens(graph, ModelGraph.INPUT_IDS); // [B, T]
        SDVariable positions = ModelGraph.tokens(graph, ModelGraph.POSITION_IDS);
        SDVariable segments = ModelGraph.tokens(graph, ModelGraph.ATTENTION_MASK);
        Ops.Causality causality = ops.causality(positions, segments, type);
        SDVariable hidden = hidden(graph.reshape(ids, -1), graph.reshape(positions, -1),
                (layer, qkv) -> ops.attention(qkv, causality, config.nEmbd(), config.nHead()));
        SDVariable logits = ops.linearTransposed(hidden, graph.getVariable(TOKEN_TABLE));
        return new ModelGraph(ops, type, config.vocabSize(), List.copyOf(parameters), logits,
                Optional.of(new ModelGraph.Output(hidden, graph.getVariable(TOKEN_TABLE))), Set.copyOf(layers));
    }

    private DecoderGraph steps() {
        int heads = config.nHead();
        int width = config.nEmbd() / heads;
        SDVariable tokens = graph.placeHolder(DecoderGraph.TOKENS, DataType.INT, -1); // [B]
        SDVariable positions = graph.placeHolder(DecoderGraph.POSITIONS, DataType.INT, -1);
        SDVariable lengths = graph.placeHolder(DecoderGraph.LENGTHS, DataType.INT, -1);
        SDVariable mask = graph.placeHolder(DecoderGraph.MASK, type, -1, 1, 1, -1); // [B, 1, 1, C]
        List<DecoderGraph.Cache> caches = new ArrayList<>();
        SDVariable hidden = hidden(tokens, positions, (layer, qkv) -> {
            SDVariable pastKeys = graph.placeHolder("past_keys." + layer, type, -1, heads, -1, width);
            SDVariable pastValues = graph.placeHolder("past_values." + layer, type, -1, heads, -1, width);
            Ops.Cached attention = ops.cachedAttention(qkv, new Ops.Cache(lengths, mask, pastKeys, pastValues), width, heads, heads);
            caches.add(new DecoderGraph.Cache(pastKeys, attention.key()));
            caches.add(new DecoderGraph.Cache(pastValues, attention.value()));
            return attention.context();
        });
        SDVariable logits = ops.linearTransposed(hidden, graph.getVariable(TOKEN_TABLE));
        SDVariable entropy = ops.softValues(logits, tokens, 1, config.vocabSize(), type).entropy();
        return new DecoderGraph(graph, logits, entropy, List.copyOf(caches), heads, width);
    }

    /** From flat ids and positions to what the output layer reads {@code [N, D]}; {@code attention} maps (layer, q k v side by side) to the context. */
    private SDVariable hidden(SDVariable ids, SDVariable positions, BiFunction<Integer, SDVariable, SDVariable> attention) {
        int width = config.nEmbd();
        SDVariable tokenTable = parameter(TOKEN_TABLE, 0, config.initializerRange(), config.vocabSize(), width);
        SDVariable positionTable = parameter("transformer.wpe.weight", 0, config.initializerRange(), config.nPositions(), width);
        Ops.Residual x = norm(block(0) + ".ln_1", ops.embedding(tokenTable, ids), ops.embedding(positionTable, positions)); // [N, D]
        for (int layer = 0; layer < config.nLayer(); layer++) {
            String block = block(layer);
            layers.addAll(x.names());
            SDVariable qkv = linear(block + ".attn.c_attn", x.norm(), Activation.NONE, width, 3 * width, config.initializerRange());
            SDVariable context = attention.apply(layer, qkv);
            x = norm(block + ".ln_2", x.sum(), linear(block + ".attn.c_proj", context, Activation.NONE, width, width, residualRange()));
            SDVariable inner = linear(block + ".mlp.c_fc", x.norm(), Activation.NONE, width, 4 * width, config.initializerRange());
            SDVariable outer = linear(block + ".mlp.c_proj", inner, Activation.GELU_NEW, 4 * width, width, residualRange());
            x = norm(layer + 1 < config.nLayer() ? block(layer + 1) + ".ln_1" : "transformer.ln_f", x.sum(), outer);
        }
        layers.addAll(x.names());
        return x.norm();
    }

    private static String block(int layer) {
        return "transformer.h." + layer;
    }

    private double residualRange() {
        return config.initializerRange() / Math.sqrt(2.0 * config.nLayer());
    }

    private SDVariable linear(String name, SDVariable x, Activation activation, int in, int out, double deviation) {
        return ops.linear(x, parameter(name + ".weight", 0, deviation, in, out), parameter(name + ".bias", 0, 0, out), activation);
    }

    /** x + r and its norm. */
    private Ops.Residual norm(String name, SDVariable x, SDVariable r) {
        SDVariable gain = parameter(name + ".weight", 1, 0, config.nEmbd());
        return ops.residualLayerNorm(x, r, gain, parameter(name + ".bias", 0, 0, config.nEmbd()), config.layerNormEpsilon());
    }

    private SDVariable parameter(String name, double mean, double deviation, long... shape) {
        parameters.add(name);
        return weights.declare(graph, name, mean, deviation, shape);
    }
}
