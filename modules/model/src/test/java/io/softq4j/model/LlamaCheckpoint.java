package io.softq4j.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Llama and its variants: D 12, F 10, two blocks, 64 positions.
 *
 * @param modelType {@code model_type}
 * @param heads     H
 * @param keyValues G
 * @param headDim   K
 * @param tied      whether the file has no output layer
 * @param theta     base of the rotary frequencies
 * @param fields    more of {@code config.json}, each with a comma in front
 */
record LlamaCheckpoint(String modelType, int heads, int keyValues, int headDim, boolean tied, double theta,
        String fields) implements Checkpoint {

    static final int WIDTH = 12;
    static final int INNER = 10;
    static final int LAYERS = 2;
    static final double EPSILON = 1e-5;

    static final LlamaCheckpoint LLAMA = new LlamaCheckpoint("llama", 3, 3, 4, false, 10_000,
            ", \"rope_scaling\": null, \"attention_bias\": false");
    static final LlamaCheckpoint TIED = new LlamaCheckpoint("llama", 3, 3, 4, true, 10_000, "");
    static final LlamaCheckpoint GROUPED = new LlamaCheckpoint("llama", 6, 2, 2, false, 10_000, "");
    static final LlamaCheckpoint LINEAR = new LlamaCheckpoint("llama", 2, 2, 6, true, 100,
            ", \"rope_scaling\": {\"type\": \"linear\", \"factor\": 2.5}");
    static final LlamaCheckpoint LLAMA3 = new LlamaCheckpoint("llama", 4, 2, 8, false, 500,
            ", \"head_dim\": 8, \"rope_scaling\": {\"factor\": 8.0, "
            + "\"low_freq_factor\": 1.0, \"high_freq_factor\": 8.0, \"original_max_position_embeddings\": 128, \"rope_type\": \"llama3\"}");
    static final LlamaCheckpoint MISTRAL = new LlamaCheckpoint("mistral", 4, 2, 6, false, 10_000,
            ", \"head_dim\": 6, \"sliding_window\": null");
    static final LlamaCheckpoint QWEN2 = new LlamaCheckpoint("qwen2", 6, 2, 2, true, 1_000_000,
            ", \"use_sliding_window\": false, \"sliding_window\": 8, \"max_window_layers\": 1");
    static final LlamaCheckpoint QWEN3 = new LlamaCheckpoint("qwen3", 4, 1, 8, true, 1_000_000,
            ", \"head_dim\": 8, \"use_sliding_window\": false, "
            + "\"layer_types\": [\"full_attention\", \"full_attention\"]");

    static final List<LlamaCheckpoint> ALL = List.of(LLAMA, TIED, GROUPED, LINEAR, LLAMA3, MISTRAL, QWEN2, QWEN3);

    boolean bias() {
        return modelType.equals("qwen2");
    }

    boolean headNorm() {
        return modelType.equals("qwen3");
    }

    @Override
    public String config() {
        return "{\"architectures\": [\"ForCausalLM\"], \"model_type\": \"" + modelType + "\", \"vocab_size\": " + VOCABULARY
                + ", \"max_position_embeddings\": 64, \"hidden_size\": " + WIDTH + ", \"intermediate_size\": " + INNER
                + ", \"num_hidden_layers\": "
                + LAYERS + ", \"num_attention_heads\": " + heads + ", \"num_key_value_heads\": " + keyValues
                + ", \"hidden_act\": \"silu\", "
                + "\"initializer_range\": 0.02, \"rms_norm_eps\": " + EPSILON + ", \"rope_theta\": " + theta + ", \"tie_word_embeddings\": "
                + tied
                + ", \"attention_dropout\": 0.0, \"pretraining_tp\": 1, \"transformers_version\": \"4.51.0\"" + fields + "}";
    }

    @Override
    public Map<String, List<Integer>> shapes() {
        int query = heads * headDim;
        int keyValue = keyValues * headDim;
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", List.of(VOCABULARY, WIDTH));
        for (int layer = 0; layer < LAYERS; layer++) {
            String block = "model.layers." + layer + ".";
            shapes.put(block + "input_layernorm.weight", List.of(WIDTH));
            shapes.put(block + "self_attn.q_proj.weight", List.of(query, WIDTH));
            shapes.put(block + "self_attn.k_proj.weight", List.of(keyValue, WIDTH));
            shapes.put(block + "self_attn.v_proj.weight", List.of(keyValue, WIDTH));
            if (bias()) {
                shapes.put(block + "self_attn.q_proj.bias", List.of(query));
                shapes.put(block + "self_attn.k_proj.bias", List.of(keyValue));
                shapes.put(block + "self_attn.v_proj.bias", List.of(keyValue));
            }
            if (headNorm()) {
                shapes.put(block + "self_attn.q_norm.weight", List.of(headDim));
                shapes.put(block + "self_attn.k_norm.weight", List.of(headDim));
            }
            shapes.put(block + "self_attn.o_proj.weight", List.of(WIDTH, query));
            shapes.put(block + "post_attention_layernorm.weight", List.of(WIDTH));
            shapes.put(block + "mlp.gate_proj.weight", List.of(INNER, WIDTH));
            shapes.put(block + "mlp.up_proj.weight", List.of(INNER, WIDTH));
            shapes.put(block + "mlp.down_proj.weight", List.of(WIDTH, INNER));
        }
        shapes.put("model.norm.weight", List.of(WIDTH));
        if (!tied) {
            shapes.put("lm_head.weight", List.of(VOCABULARY, WIDTH));
        }
        return shapes;
    }

    @Override
    public double[][] reference(int[] ids) {
        return new LlamaReference(this, exactWeights()).logits(ids);
    }

    @Override
    public String toString() {
        return modelType + " H " + heads + " G " + keyValues + " K " + headDim + (tied ? " tied" : " untied") + fields;
    }
}
