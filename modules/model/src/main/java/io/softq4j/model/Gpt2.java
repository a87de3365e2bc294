package io.softq4j.model;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * GPT-2 (Radford et al. 2019) as Hugging Face's {@code GPT2LMHeadModel} computes it: learned positions, pre-norm blocks, tanh GELU, output layer tied to the token
 * embedding. Linear weights are {@code [in, out]}.
 */
public final class Gpt2 {

    private final Gpt2Config config;
    private final Initializer initializer;
    private final Ops ops;
    private final SameDiff graph = SameDiff.create();
    private final List<String> parameters = new ArrayList<>();

    private Gpt2(Gpt2Config config, long seed, Lowering lowering, DataType type) {
        this.config = config;
        this.initializer = new Initializer(seed, type);
        this.ops = new Ops(graph, lowering);
    }

    /**
     * Builds the graph with fresh weights: normal with deviation {@code initializer_range}, the projections back into the residual stream scaled by
     * 1 / sqrt(2 n_layer), biases 0, gains 1.
     */
    public static ModelGraph build(Gpt2Config config, long seed, Lowering lowering, DataType type) {
        if (config.vocabSize() == 0) {
            throw new IllegalArgumentException("vocab_size is not set");
        }
        return new Gpt2(config, seed, lowering, type).build(type);
    }

    private ModelGraph build(DataType type) {
        SDVariable ids = ModelGraph.tokens(graph, ModelGraph.INPUT_IDS); // [B, T]
        SDVariable positions = ModelGraph.tokens(graph, ModelGraph.POSITION_IDS);
        SDVariable segments = ModelGraph.tokens(graph, ModelGraph.ATTENTION_MASK);
        int width = config.nEmbd();
        SDVariable tokenTable = normal("transformer.wte.weight", config.initializerRange(), config.vocabSize(), width);
        SDVariable positionTable = normal("transformer.wpe.weight", config.initializerRange(), config.nPositions(), width);
        SDVariable mask = ops.causalMask(positions, segments, type);
        SDVariable x = ops.embedding(tokenTable, graph.reshape(ids, -1)).add(ops.embedding(positionTable, graph.reshape(positions, -1))); // [N, D]
        for (int layer = 0; layer < config.nLayer(); layer++) {
            String block = "transformer.h." + layer;
            x = x.add(attention(block + ".attn", norm(block + ".ln_1", x), mask, ids));
            x = x.add(perceptron(block + ".mlp", norm(block + ".ln_2", x)));
        }
        SDVariable logits = ops.linearTransposed(norm("transformer.ln_f", x), tokenTable); // [N, V]
        return new ModelGraph(ops, type, config.vocabSize(), List.copyOf(parameters), logits);
    }

    private SDVariable attention(String name, SDVariable x, SDVariable mask, SDVariable ids) {
        int width = config.nEmbd();
        SDVariable qkv = linear(name + ".c_attn", x, width, 3 * width, config.initializerRange());
        SDVariable context = ops.attention(qkv, mask, ids, width, config.nHead());
        return linear(name + ".c_proj", context, width, width, residualRange());
    }

    private SDVariable perceptron(String name, SDVariable x) {
        int width = config.nEmbd();
        SDVariable hidden = ops.gelu(linear(name + ".c_fc", x, width, 4 * width, config.initializerRange()));
        return linear(name + ".c_proj", hidden, 4 * width, width, residualRange());
    }

    private double residualRange() {
        return config.initializerRange() / Math.sqrt(2.0 * config.nLayer());
    }

    private SDVariable linear(String name, SDVariable x, int in, int out, double deviation) {
        return ops.linear(x, normal(name + ".weight", deviation, in, out), constant(name + ".bias", 0, out));
    }

    private SDVariable norm(String name, SDVariable x) {
        return ops.layerNorm(x, constant(name + ".weight", 1, config.nEmbd()), constant(name + ".bias", 0, config.nEmbd()), config.layerNormEpsilon());
    }

    private SDVariable normal(String name, double deviation, long... shape) {
        return variable(name, initializer.normal(name, deviation, shape));
    }

    private SDVariable constant(String name, double value, long... shape) {
        return variable(name, initializer.constant(value, shape));
    }

    private SDVariable variable(String name, INDArray values) {
        parameters.add(name);
        return graph.var(name, values);
    }
}
