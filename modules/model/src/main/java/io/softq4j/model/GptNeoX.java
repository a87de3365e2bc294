package io.softq4j.model;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import java.util.function.BiFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * GPT-NeoX (Black et al. 2022, arXiv 2204.06745), the family of Pythia (Biderman et al. 2023, arXiv 2304.01373), as Hugging Face's
 * {@code GPTNeoXForCausalLM} computes it: attention and feed-forward layer side by side, x + A(ln1(x)) + F(ln2(x)), or one after the other;
 * rotary positions in a part of each head; layer norms and linear layers with biases.
 *
 * <p>Linear weights are {@code [out, in]}. The rows of {@code query_key_value} lie head by head, q k v of the first head, then those of the
 * second, as in the files: what is trained and saved is what was loaded. The ops want all queries, all keys and all values: the projection
 * is put in that order, not the weight, which at a decoding step is by far the larger. Fresh weights are normal with deviation
 * {@code initializer_range}, as Hugging Face's are; the paper scales them by depth and width.
 */
final class GptNeoX extends CausalTransformer {

    static final String OUTPUT = "embed_out.weight";

    static final String TOKEN_TABLE = "gpt_neox.embed_in.weight";

    private final GptNeoXConfig config;

    GptNeoX(GptNeoXConfig config, Weights weights, Lowering lowering, DataType type) {
        super(config.vocabSize(), new Heads(config.numAttentionHeads(), config.numAttentionHeads(), config.headDim()), weights, lowering,
                type);
        this.config = config;
    }

    @Override
    SDVariable hidden(SDVariable ids, SDVariable positions, BiFunction<Integer, SDVariable, SDVariable> attention) {
        int width = config.hiddenSize();
        Ops.Rotation rotation = ops.rotation(positions, config.frequencies(), type);
        layers.add(rotation.cos().name());
        layers.add(rotation.sin().name());
        // [N, D]
        SDVariable x = dropped(ops.embedding(parameter(TOKEN_TABLE, 0, config.initializerRange(), config.vocabSize(), width), ids));
        SDVariable normed = norm(block(0) + ".input_layernorm", x);
        layers.add(x.name());
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            String block = block(layer);
            SDVariable context = attention.apply(layer, queryKeyValue(block + ".attention.query_key_value", normed, rotation)); // [N, D]
            SDVariable attended = dropped(linear(block + ".attention.dense", context, width, width, config.attentionBias()));
            String after = layer + 1 < config.numHiddenLayers() ? block(layer + 1) + ".input_layernorm" : "gpt_neox.final_layer_norm";
            Ops.Residual next;
            if (config.useParallelResidual()) {
                SDVariable fed = dropped(feedForward(block + ".mlp", norm(block + ".post_attention_layernorm", x)));
                next = norm(after, x, ops.add(attended, fed));
            } else {
                Ops.Residual middle = norm(block + ".post_attention_layernorm", x, attended);
                next = norm(after, middle.sum(), dropped(feedForward(block + ".mlp", middle.norm())));
            }
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

    /** Queries, keys and values side by side, {@code [N, 3 H K]}, a part of each query and key turned. */
    private SDVariable queryKeyValue(String name, SDVariable x, Ops.Rotation rotation) {
        int heads = config.numAttentionHeads();
        int k = config.headDim();
        SDVariable byHead = linear(name, x, heads * k, 3 * heads * k, config.attentionBias()); // [N, H 3 K]
        SDVariable byKind = ops.regroup(byHead, heads, 3, k); // [N, 3 H K]
        return ops.rope(byKind, rotation, 2 * heads, 3 * heads, k);
    }

    private SDVariable feedForward(String name, SDVariable x) {
        SDVariable inner = linear(name + ".dense_h_to_4h", x, config.hiddenSize(), config.intermediateSize(), true); // [N, F]
        return linear(name + ".dense_4h_to_h", inner, config.hiddenAct().activation(), config.intermediateSize(), config.hiddenSize(),
                config.initializerRange(), true);
    }

    private static String block(int layer) {
        return "gpt_neox.layers." + layer;
    }

    private SDVariable linear(String name, SDVariable x, int in, int out, boolean bias) {
        return linear(name, x, in, out, config.initializerRange(), bias);
    }

    private SDVariable norm(String name, SDVariable x) {
        return ops.layerNorm(x, gain(name), bias(name), config.layerNormEps());
    }

    /** x + r and its norm. */
    private Ops.Residual norm(String name, SDVariable x, SDVariable r) {
        return ops.residualLayerNorm(x, r, gain(name), bias(name), config.layerNormEps());
    }

    private SDVariable gain(String name) {
        return parameter(name + ".weight", 1, 0, config.hiddenSize());
    }

    private SDVariable bias(String name) {
        return parameter(name + ".bias", 0, 0, config.hiddenSize());
    }
}
