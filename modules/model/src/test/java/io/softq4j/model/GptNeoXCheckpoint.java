package io.softq4j.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * GPT-NeoX: D 16, F 20, two blocks, 64 positions.
 *
 * @param heads    H
 * @param turned   how many dimensions of a head are turned
 * @param base     of the rotary frequencies
 * @param parallel whether attention and feed-forward layer read the same x
 * @param exact    whether GELU is itself, else its approximation by tanh
 * @param bias     whether the attention's projections have one
 * @param tied     whether the file has no output layer
 * @param fields   of {@code config.json} that say so, each with a comma in front
 */
record GptNeoXCheckpoint(int heads, int turned, double base, boolean parallel, boolean exact, boolean bias, boolean tied, String fields)
        implements Checkpoint {

    static final int WIDTH = 16;
    static final int INNER = 20;
    static final int LAYERS = 2;
    static final double EPSILON = 1e-5;

    static final GptNeoXCheckpoint PYTHIA = new GptNeoXCheckpoint(2, 2, 10_000, true, true, true, false, ", \"hidden_act\": \"gelu\", "
            + "\"rotary_pct\": 0.25, \"rotary_emb_base\": 10000, \"use_parallel_residual\": true, \"tie_word_embeddings\": false, "
            + "\"attention_bias\": true, \"rope_scaling\": null");
    static final GptNeoXCheckpoint SEQUENTIAL = new GptNeoXCheckpoint(4, 4, 100, false, false, true, false,
            ", \"hidden_act\": \"gelu_fast\", "
            + "\"rotary_pct\": 1.0, \"rotary_emb_base\": 100, \"use_parallel_residual\": false");
    static final GptNeoXCheckpoint TIED = new GptNeoXCheckpoint(2, 8, 10_000, true, true, false, true, ", \"rotary_pct\": 1.0, "
            + "\"attention_bias\": false, \"tie_word_embeddings\": true");

    /** As transformers 5 writes them. */
    static final GptNeoXCheckpoint NEWER = new GptNeoXCheckpoint(1, 8, 500, false, true, true, true, ", \"hidden_act\": \"gelu\", "
            + "\"use_parallel_residual\": false, \"tie_word_embeddings\": true, \"rope_parameters\": {\"rope_type\": \"linear\", "
            + "\"factor\": 2.5, "
            + "\"rope_theta\": 500.0, \"partial_rotary_factor\": 0.5}");

    static final List<GptNeoXCheckpoint> ALL = List.of(PYTHIA, SEQUENTIAL, TIED, NEWER);

    @Override
    public String config() {
        return "{\"architectures\": [\"GPTNeoXForCausalLM\"], \"model_type\": \"gpt_neox\", \"vocab_size\": " + VOCABULARY
                + ", \"max_position_embeddings\": 64, \"hidden_size\": " + WIDTH + ", \"intermediate_size\": " + INNER
                + ", \"num_hidden_layers\": "
                + LAYERS + ", \"num_attention_heads\": " + heads + ", \"initializer_range\": 0.02, \"layer_norm_eps\": " + EPSILON
                + ", \"bos_token_id\": 0, \"eos_token_id\": 0, \"hidden_dropout\": 0.0, \"attention_dropout\": 0.0, "
                + "\"classifier_dropout\": 0.1, "
                + "\"torch_dtype\": \"float16\", \"use_cache\": true, \"transformers_version\": \"4.24.0\"" + fields + "}";
    }

    @Override
    public Map<String, List<Integer>> shapes() {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        shapes.put("gpt_neox.embed_in.weight", List.of(VOCABULARY, WIDTH));
        for (int layer = 0; layer < LAYERS; layer++) {
            String block = "gpt_neox.layers." + layer + ".";
            for (String norm : List.of("input_layernorm", "post_attention_layernorm")) {
                shapes.put(block + norm + ".weight", List.of(WIDTH));
                shapes.put(block + norm + ".bias", List.of(WIDTH));
            }
            shapes.put(block + "attention.query_key_value.weight", List.of(3 * WIDTH, WIDTH));
            shapes.put(block + "attention.dense.weight", List.of(WIDTH, WIDTH));
            if (bias) {
                shapes.put(block + "attention.query_key_value.bias", List.of(3 * WIDTH));
                shapes.put(block + "attention.dense.bias", List.of(WIDTH));
            }
            shapes.put(block + "mlp.dense_h_to_4h.weight", List.of(INNER, WIDTH));
            shapes.put(block + "mlp.dense_h_to_4h.bias", List.of(INNER));
            shapes.put(block + "mlp.dense_4h_to_h.weight", List.of(WIDTH, INNER));
            shapes.put(block + "mlp.dense_4h_to_h.bias", List.of(WIDTH));
        }
        shapes.put("gpt_neox.final_layer_norm.weight", List.of(WIDTH));
        shapes.put("gpt_neox.final_layer_norm.bias", List.of(WIDTH));
        if (!tied) {
            shapes.put("embed_out.weight", List.of(VOCABULARY, WIDTH));
        }
        return shapes;
    }

    @Override
    public double[][] reference(int[] ids) {
        return new GptNeoXReference(this, exactWeights()).logits(ids);
    }

    @Override
    public String toString() {
        return "gpt_neox H " + heads + " R " + turned + (parallel ? " parallel" : " sequential") + (bias ? "" : " without bias")
                + (tied ? " tied" : " untied") + fields;
    }
}
