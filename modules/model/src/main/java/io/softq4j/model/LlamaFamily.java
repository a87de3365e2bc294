package io.softq4j.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.nd4j.linalg.api.buffer.DataType;

/** Llama and its variants as Hugging Face's {@code LlamaConfig}, {@code LlamaForCausalLM} and their likes store them. */
record LlamaFamily(LlamaConfig config) implements Family {

    /** Frequencies of rotary positions, which early versions stored though they follow from the configuration. */
    private static final Pattern FREQUENCIES = Pattern.compile("(model\\.)?(layers\\.\\d+\\.self_attn\\.)?rotary_emb\\.inv_freq");

    /** Hugging Face's defaults where the field is absent. */
    private static final int QWEN3_HEAD = 128;

    static List<Kind> kinds() {
        return Arrays.stream(LlamaVariant.values()).map(variant -> new Kind(new SupportedModel(variant.modelType(), variant.architecture(),
                variant.covers(), variant.paper(), "RoPE scaling default, linear, llama3; grouped queries; output layer tied or not"
                        + (variant.qkvBias() ? "; query, key, value bias" : "") + (variant.headNorm() ? "; query and key norm" : "")),
                json -> read(variant, json))).toList();
    }

    static LlamaConfig read(LlamaVariant variant, ConfigJson json) {
        int context = json.integer("max_position_embeddings");
        int hidden = json.integer("hidden_size");
        int layers = json.integer("num_hidden_layers");
        int heads = json.integer("num_attention_heads");
        SlidingWindow.requireNone(variant, json, context, layers);
        Rotary rotary = Rotary.read(json, Rotary.Names.USUAL);
        if (rotary.part() != 1) {
            throw json.error("partial_rotary_factor is " + rotary.part() + ", only 1.0 is supported; another value would compute "
                    + "another model.");
        }
        // the defaults of the other variants where the field is absent are those of one size; null is the number of heads for all
        boolean absent = variant != LlamaVariant.LLAMA && !json.contains("num_key_value_heads");
        int keyValueHeads = absent ? json.integer("num_key_value_heads") : json.integer("num_key_value_heads", heads);
        return LlamaConfig.defaults().with(c -> c
                .variant(variant)
                .vocabSize(json.integer("vocab_size"))
                .maxPositionEmbeddings(context)
                .hiddenSize(hidden)
                .intermediateSize(json.integer("intermediate_size"))
                .numHiddenLayers(layers)
                .numAttentionHeads(heads)
                .numKeyValueHeads(keyValueHeads)
                .headDim(headDim(variant, json, hidden, heads))
                .rmsNormEps(json.number("rms_norm_eps", 1e-6))
                .ropeTheta(rotary.theta())
                .ropeScaling(rotary.scaling())
                .tieWordEmbeddings(json.flag("tie_word_embeddings", false))
                .initializerRange(json.number("initializer_range", 0.02)));
    }

    private static int headDim(LlamaVariant variant, ConfigJson json, int hidden, int heads) {
        if (json.has("head_dim")) {
            return json.integer("head_dim");
        }
        if (variant == LlamaVariant.QWEN3) {
            return QWEN3_HEAD;
        }
        if (heads < 1 || hidden % heads != 0) {
            throw new UserError("hidden_size must be a multiple of num_attention_heads where there is no head_dim, was " + hidden
                    + " with num_attention_heads " + heads);
        }
        return hidden / heads;
    }

    @Override
    public Transformer transformer(Weights weights, Lowering lowering, DataType type) {
        return new Llama(config, weights, lowering, type);
    }

    @Override
    public String prefix() {
        return "model.";
    }

    @Override
    public boolean redundant(String tensor) {
        return FREQUENCIES.matcher(tensor).matches();
    }

    @Override
    public String embedding() {
        return Llama.TOKEN_TABLE;
    }

    @Override
    public String output() {
        return Llama.OUTPUT;
    }

    @Override
    public ModelConfig untied() {
        return config.with(c -> c.tieWordEmbeddings(false));
    }

    @Override
    public void write(ObjectNode json) {
        json.putArray("architectures").add(config.variant().architecture());
        json.put("model_type", config.modelType());
        json.put("vocab_size", config.vocabSize());
        json.put("max_position_embeddings", config.maxPositionEmbeddings());
        json.put("hidden_size", config.hiddenSize());
        json.put("intermediate_size", config.intermediateSize());
        json.put("num_hidden_layers", config.numHiddenLayers());
        json.put("num_attention_heads", config.numAttentionHeads());
        json.put("num_key_value_heads", config.numKeyValueHeads());
        json.put("head_dim", config.headDim());
        json.put("hidden_act", "silu");
        json.put("rms_norm_eps", config.rmsNormEps());
        json.put("rope_theta", config.ropeTheta());
        Rotary.write(json, config.ropeScaling());
        json.put("initializer_range", config.initializerRange());
        json.put("attention_dropout", 0.0);
        json.put("tie_word_embeddings", config.tieWordEmbeddings());
        switch (config.variant()) {
            case LLAMA -> json.put("attention_bias", false).put("mlp_bias", false);
            case MISTRAL -> json.putNull("sliding_window");
            case QWEN2 -> json.put("use_sliding_window", false);
            case QWEN3 -> json.put("attention_bias", false).put("use_sliding_window", false);
        }
    }
}
