package io.softq4j.model;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import io.softq4j.graph.kernel.Activation;
import java.util.function.BiFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * GPT-2 (Radford et al. 2019) as Hugging Face's {@code GPT2LMHeadModel} computes it: learned positions, pre-norm blocks, tanh GELU, output
 * layer tied to the token embedding. Linear weights are {@code [in, out]}.
 */
public final class Gpt2 extends CausalTransformer {

    static final String TOKEN_TABLE = "transformer.wte.weight";

    static final String OUTPUT = "lm_head.weight";

    private final Gpt2Config config;

    Gpt2(Gpt2Config config, Weights weights, Lowering lowering, DataType type) {
        super(config.vocabSize(), new Heads(config.nHead(), config.nHead(), config.nEmbd() / config.nHead()), weights, lowering, type);
        this.config = config;
    }

    /**
     * Builds the graph with fresh weights: normal with deviation {@code initializer_range}, the projections back into the residual stream
     * scaled by 1 / sqrt(2 n_layer), biases 0, gains 1.
     */
    public static ModelGraph build(Gpt2Config config, long seed, Lowering lowering, DataType type) {
        return new Gpt2(config, Weights.fresh(seed, type), lowering, type).sequences();
    }

    @Override
    SDVariable hidden(SDVariable ids, SDVariable positions, BiFunction<Integer, SDVariable, SDVariable> attention) {
        int width = config.nEmbd();
        SDVariable tokenTable = parameter(TOKEN_TABLE, 0, config.initializerRange(), config.vocabSize(), width);
        SDVariable positionTable = parameter("transformer.wpe.weight", 0, config.initializerRange(), config.nPositions(), width);
        SDVariable[] embedded = dropped(ops.embedding(tokenTable, ids), ops.embedding(positionTable, positions));
        Ops.Residual x = norm(block(0) + ".ln_1", embedded[0], embedded[1]); // [N, D]
        for (int layer = 0; layer < config.nLayer(); layer++) {
            String block = block(layer);
            layers.addAll(x.names());
            SDVariable qkv = linear(block + ".attn.c_attn", x.norm(), Activation.NONE, width, 3 * width, config.initializerRange());
            SDVariable context = attention.apply(layer, qkv);
            SDVariable projected = linear(block + ".attn.c_proj", context, Activation.NONE, width, width, residualRange());
            x = norm(block + ".ln_2", x.sum(), dropped(projected));
            SDVariable inner = linear(block + ".mlp.c_fc", x.norm(), Activation.NONE, width, 4 * width, config.initializerRange());
            SDVariable outer = linear(block + ".mlp.c_proj", inner, Activation.GELU_NEW, 4 * width, width, residualRange());
            x = norm(layer + 1 < config.nLayer() ? block(layer + 1) + ".ln_1" : "transformer.ln_f", x.sum(), dropped(outer));
        }
        layers.addAll(x.names());
        return x.norm();
    }

    @Override
    SDVariable outputTable() {
        return config.tieWordEmbeddings() ? graph.getVariable(TOKEN_TABLE)
                : parameter(OUTPUT, 0, config.initializerRange(), config.vocabSize(), config.nEmbd());
    }

    private static String block(int layer) {
        return "transformer.h." + layer;
    }

    private double residualRange() {
        return config.initializerRange() / Math.sqrt(2.0 * config.nLayer());
    }

    private SDVariable linear(String name, SDVariable x, Activation activation, int in, int out, double deviation) {
        SDVariable weight = parameter(name + ".weight", 0, deviation, in, out);
        SDVariable bias = parameter(name + ".bias", 0, 0, out);
        boolean apart = adapts(name) && activation != Activation.NONE; // an adapter reads f(x) too
        SDVariable read = apart ? ops.activation(x, activation) : x;
        return adapted(new LinearLayer(name, in, out, true), read, ops.linear(read, weight, bias, apart ? Activation.NONE : activation));
    }

    /** x + r and its norm. */
    private Ops.Residual norm(String name, SDVariable x, SDVariable r) {
        SDVariable gain = parameter(name + ".weight", 1, 0, config.nEmbd());
        return ops.residualLayerNorm(x, r, gain, parameter(name + ".bias", 0, 0, config.nEmbd()), config.layerNormEpsilon());
    }
}
