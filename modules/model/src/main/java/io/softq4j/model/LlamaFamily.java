package io.softq4j.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.nd4j.linalg.api.buffer.DataType;

/** Llama and its variants as Hugging Face's {@code LlamaConfig}, {@code LlamaForCausalLM} and their likes store them. */
record LlamaFamily(LlamaConfig config) implements Family {

    /** Fields that change what is computed, with the only value this family is built for; some are of relatives that call themselves llama. */
    private static final Map<String, String> FIXED = new TreeMap<>(Map.ofEntries(
            Map.entry("hidden_act", "silu"),
            Map.entry("attention_bias", "false"),
            Map.entry("mlp_bias", "false"),
            Map.entry("partial_rotary_factor", "1.0"),
            Map.entry("rope_interleaved", "false"),
            Map.entry("use_sliding_window", "false"),
            Map.entry("logit_scale", "1.0"),
            Map.entry("logits_scaling", "1.0"),
            Map.entry("embedding_multiplier", "1.0"),
            Map.entry("residual_multiplier", "1.0"),
            Map.entry("attention_multiplier", ConfigJson.ABSENT),
            Map.entry("query_pre_attn_scalar", ConfigJson.ABSENT),
            Map.entry("attn_logit_softcapping", ConfigJson.ABSENT),
            Map.entry("final_logit_softcapping", ConfigJson.ABSENT),
            Map.entry("clip_qkv", ConfigJson.ABSENT),
            Map.entry("use_qk_norm", "false"),
            Map.entry("qk_layernorm", "false"),
            Map.entry("num_local_experts", ConfigJson.ABSENT),
            Map.entry("num_experts", ConfigJson.ABSENT),
            Map.entry("quantization_config", ConfigJson.ABSENT)));

    /** Frequencies of rotary positions, which early versions stored though they follow from the configuration. */
    private static final Pattern FREQUENCIES = Pattern.compile("(model\\.)?(layers\\.\\d+\\.self_attn\\.)?rotary_emb\\.inv_freq");

    private static final String OUTPUT = "lm_head.weight";

    /** Hugging Face's defaults of Mistral and Qwen3 where the field is absent. */
    private static final int MISTRAL_WINDOW = 4096;
    private static final int QWEN3_HEAD = 128;

    static List<Kind> kinds() {
        return Arrays.stream(LlamaVariant.values()).map(variant -> new Kind(new SupportedModel(variant.modelType(), variant.architecture(),
                variant.covers(), variant.paper(), "RoPE scaling default, linear, llama3; grouped queries; output layer tied or not"
                        + (variant.qkvBias() ? "; query, key, value bias" : "") + (variant.headNorm() ? "; query and key norm" : "")),
                json -> read(variant, json))).toList();
    }

    static LlamaConfig read(LlamaVariant variant, ConfigJson json) {
        json.requireOnly(FIXED);
        RopeJson.object(json).ifPresent(rope -> rope.requireOnly(Map.of("partial_rotary_factor", "1.0")));
        json.requireAll("layer_types", "full_attention");
        int context = json.integer("max_position_embeddings");
        int hidden = json.integer("hidden_size");
        int heads = json.integer("num_attention_heads");
        if (variant == LlamaVariant.MISTRAL) {
            requireWholeContext(json, context);
        }
        // the defaults of the other variants are those of one size, not the number of heads
        int keyValueHeads = variant == LlamaVariant.LLAMA ? json.integer("num_key_value_heads", heads) : json.integer("num_key_value_heads");
        return new LlamaConfig(variant, json.integer("vocab_size"), context, hidden, json.integer("intermediate_size"),
                json.integer("num_hidden_layers"), heads, keyValueHeads, headDim(variant, json, hidden, heads), json.number("rms_norm_eps", 1e-6),
                theta(json), RopeJson.scaling(json), json.flag("tie_word_embeddings", false), json.number("initializer_range", 0.02));
    }

    private static void requireWholeContext(ConfigJson json, int context) {
        // null is no window, an absent field Hugging Face's default
        int window = json.contains("sliding_window") ? json.integer("sliding_window", Integer.MAX_VALUE) : MISTRAL_WINDOW;
        if (window < context) {
            throw json.error("sliding_window is " + window + " with max_position_embeddings " + context + "; attention to a window of the "
                    + "context is not supported. Set max_position_embeddings to " + window + " to use the model with that context: up to it "
                    + "both are the same.");
        }
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

    /** In the file itself, or, as newer versions write it, in {@code rope_parameters}. */
    private static double theta(ConfigJson json) {
        return json.object("rope_parameters").orElse(json).number("rope_theta", json.number("rope_theta", 10_000));
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
        return FREQUENCIES.matcher(tensor).matches() || config.tieWordEmbeddings() && tensor.equals(OUTPUT);
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
        RopeJson.write(json, config.ropeScaling());
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
