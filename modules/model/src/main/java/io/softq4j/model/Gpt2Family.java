package io.softq4j.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.graph.Lowering;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.nd4j.linalg.api.buffer.DataType;

/** GPT-2 as Hugging Face's {@code GPT2Config} and {@code GPT2LMHeadModel} store it. */
record Gpt2Family(Gpt2Config config) implements Family {

    static final String MODEL_TYPE = "gpt2";

    /** Fields that change what is computed, with the only value this family is built for. */
    private static final Map<String, String> FIXED = new TreeMap<>(Map.of("activation_function", "gelu_new", "scale_attn_weights", "true",
            "scale_attn_by_inverse_layer_idx", "false", "reorder_and_upcast_attn", "false", "add_cross_attention", "false",
            "tie_word_embeddings", "true", "quantization_config", ConfigJson.ABSENT));

    /** Tensors some exporters add: causal masks, and the tied output layer once more. */
    private static final Pattern REDUNDANT = Pattern.compile("(transformer\\.)?h\\.\\d+\\.attn\\.(masked_)?bias|lm_head\\.weight");

    static List<Kind> kinds() {
        return List.of(new Kind(new SupportedModel(MODEL_TYPE, "GPT2LMHeadModel", "GPT-2 of any size, DistilGPT2", "Radford et al. 2019",
                "learned positions, tanh GELU, output layer tied; exports to ONNX"), Gpt2Family::read));
    }

    static Gpt2Config read(ConfigJson json) {
        json.requireOnly(FIXED);
        if (json.has("n_inner") && json.integer("n_inner") != 4 * json.integer("n_embd")) {
            throw json.unsupported("n_inner", "4 n_embd");
        }
        return new Gpt2Config(json.integer("vocab_size"), json.integer("n_positions"), json.integer("n_embd"), json.integer("n_layer"),
                json.integer("n_head"), json.number("layer_norm_epsilon", 1e-5), json.number("initializer_range", 0.02));
    }

    @Override
    public Transformer transformer(Weights weights, Lowering lowering, DataType type) {
        return new Gpt2(config, weights, lowering, type);
    }

    @Override
    public String prefix() {
        return "transformer.";
    }

    @Override
    public boolean redundant(String tensor) {
        return REDUNDANT.matcher(tensor).matches();
    }

    @Override
    public void write(ObjectNode json) {
        json.putArray("architectures").add("GPT2LMHeadModel");
        json.put("model_type", MODEL_TYPE);
        json.put("vocab_size", config.vocabSize());
        json.put("n_positions", config.nPositions());
        json.put("n_embd", config.nEmbd());
        json.put("n_layer", config.nLayer());
        json.put("n_head", config.nHead());
        json.put("layer_norm_epsilon", config.layerNormEpsilon());
        json.put("initializer_range", config.initializerRange());
        json.put("activation_function", "gelu_new");
        json.put("attn_pdrop", 0.0).put("embd_pdrop", 0.0).put("resid_pdrop", 0.0);
        json.put("tie_word_embeddings", true);
    }
}
