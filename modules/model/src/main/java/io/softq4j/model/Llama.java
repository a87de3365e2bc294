package io.softq4j.model;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import java.util.function.BiFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Llama (Touvron et al. 2023, arXiv 2302.13971) as Hugging Face's {@code LlamaForCausalLM} computes it, and its
 * {@link LlamaVariant variants}: root-mean-square norms before each part of a block, rotary positions, grouped queries, SwiGLU.
 *
 * <p>Linear weights are {@code [out, in]} and those of query, key, value, gate and up tensors of their own, as in the files: what is
 * trained and saved is what was loaded. The ops want q k v, and gate and up, side by side: the projections are put together, not the
 * weights, which at a decoding step are by far the larger.
 */
final class Llama extends CausalTransformer {

    static final String TOKEN_TABLE = "model.embed_tokens.weight";

    static final String OUTPUT = "lm_head.weight";

    private final LlamaConfig config;

    Llama(LlamaConfig config, Weights weights, Lowering lowering, DataType type) {
        super(config.vocabSize(), new Heads(config.numAttentionHeads(), config.numKeyValueHeads(), config.headDim()), weights, lowering,
                type);
        this.config = config;
    }

    @Override
    SDVariable hidden(SDVariable ids, SDVariable positions, BiFunction<Integer, SDVariable, SDVariable> attention) {
        int width = config.hiddenSize();
        int inner = config.intermediateSize();
        Ops.Rotation rotation = ops.rotation(positions, config.frequencies(), type);
        layers.add(rotation.cos().name());
        layers.add(rotation.sin().name());
        // [N, D]
        SDVariable x = dropped(ops.embedding(parameter(TOKEN_TABLE, 0, config.initializerRange(), config.vocabSize(), width), ids));
        SDVariable normed = ops.rmsNorm(x, gain(block(0) + ".input_layernorm", width), config.rmsNormEps());
        layers.add(x.name());
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            String block = block(layer);
            SDVariable context = attention.apply(layer, queryKeyValue(block + ".self_attn", normed, rotation)); // [N, H K]
            SDVariable projected = linear(block + ".self_attn.o_proj", context, config.numAttentionHeads() * config.headDim(), width);
            Ops.Residual middle = norm(block + ".post_attention_layernorm", x, dropped(projected));
            SDVariable gate = linear(block + ".mlp.gate_proj", middle.norm(), width, inner); // [N, F]
            SDVariable up = linear(block + ".mlp.up_proj", middle.norm(), width, inner);
            SDVariable down = linear(block + ".mlp.down_proj", ops.swiGlu(graph.concat(1, gate, up)), inner, width);
            Ops.Residual next = norm(layer + 1 < config.numHiddenLayers() ? block(layer + 1) + ".input_layernorm" : "model.norm",
                    middle.sum(),
                    dropped(down));
            layers.addAll(next.names());
            x = next.sum();
            normed = next.norm();
        }
        return normed;
    }

    @Override
    SDVariable outputTable() {
        return config.tieWordEmbeddings() ? graph.getVariable(TOKEN_TABLE)
                : parameter(OUTPUT, 0, config.initializerRange(), config.vocabSize(), config.hiddenSize());
    }

    /** Query, key and value side by side, {@code [N, (H + 2 G) K]}, query and key turned. */
    private SDVariable queryKeyValue(String name, SDVariable x, Ops.Rotation rotation) {
        int heads = config.numAttentionHeads();
        int shared = config.numKeyValueHeads();
        SDVariable query = headNorm(name + ".q_norm", projection(name + ".q_proj", x, heads), heads);
        SDVariable key = headNorm(name + ".k_norm", projection(name + ".k_proj", x, shared), shared);
        SDVariable value = projection(name + ".v_proj", x, shared);
        return ops.rope(graph.concat(1, query, key, value), rotation, heads + shared, heads + 2 * shared, config.headDim());
    }

    private SDVariable projection(String name, SDVariable x, int heads) {
        return linear(name, x, config.hiddenSize(), heads * config.headDim(), config.initializerRange(), config.variant().qkvBias());
    }

    /** Each of the heads in a row {@code [N, heads K]} normalised by itself, where the variant does so. */
    private SDVariable headNorm(String name, SDVariable x, int heads) {
        if (!config.variant().headNorm()) {
            return x;
        }
        SDVariable rows = graph.reshape(x, -1, config.headDim()); // [N heads, K]
        return graph.reshape(ops.rmsNorm(rows, gain(name, config.headDim()), config.rmsNormEps()), -1, heads * config.headDim());
    }

    private static String block(int layer) {
        return "model.layers." + layer;
    }

    private SDVariable linear(String name, SDVariable x, int in, int out) {
        return linear(name, x, in, out, config.initializerRange(), false);
    }

    /** x + r and its norm. */
    private Ops.Residual norm(String name, SDVariable x, SDVariable r) {
        return ops.residualRmsNorm(x, r, gain(name, config.hiddenSize()), config.rmsNormEps());
    }

    private SDVariable gain(String name, int width) {
        return parameter(name + ".weight", 1, 0, width);
    }
}
