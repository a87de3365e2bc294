package io.softq4j.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.graph.Lowering;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.nd4j.linalg.api.buffer.DataType;

/** GPT-2 as Hugging Face's {@code GPT2Config} and {@code GPT2LMHeadModel} store it. */
record Gpt2Family(Gpt2Config config) implements Family {

    static final String MODEL_TYPE = "gpt2";

    /** The library's other names of settings. */
    private static final Map<String, String> NAMES = Map.of("n_embd", "hidden_size", "n_positions", "max_position_embeddings",
            "n_head", "num_attention_heads", "n_layer", "num_hidden_layers");

    /** Causal masks, which some exporters add. */
    private static final Pattern MASK = Pattern.compile("(transformer\\.)?h\\.\\d+\\.attn\\.(masked_)?bias");

    static List<Kind> kinds() {
        return List.of(new Kind(new SupportedModel(MODEL_TYPE, "GPT2LMHeadModel", "GPT-2 of any size, DistilGPT2", "Radford et al. 2019",
                "learned positions, tanh GELU, output layer tied or not; exports to ONNX"), Gpt2Family::read));
    }

    static Gpt2Config read(ConfigJson file) {
        ConfigJson json = file.named(NAMES);
        json.requireAll("layer_types", "full_attention");
        json.requireOnePerLayer("layer_types", "n_layer");
        if (HiddenAct.named(json.text("activation_function", "gelu_new")).filter(HiddenAct.GELU_NEW::equals).isEmpty()) {
            throw json.unsupported("activation_function", HiddenAct.GELU_NEW.all());
        }
        if (json.has("n_inner") && json.integer("n_inner") != 4 * json.integer("n_embd")) {
            throw json.unsupported("n_inner", "4 n_embd");
        }
        return Gpt2Config.defaults().with(c -> c
                .vocabSize(json.integer("vocab_size"))
                .nPositions(json.integer("n_positions"))
                .nEmbd(json.integer("n_embd"))
                .nLayer(json.integer("n_layer"))
                .nHead(json.integer("n_head"))
                .layerNormEpsilon(json.number("layer_norm_epsilon", 1e-5))
                .initializerRange(json.number("initializer_range", 0.02))
                .tieWordEmbeddings(json.flag("tie_word_embeddings", true)));
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
        return MASK.matcher(tensor).matches();
    }

    @Override
    public String embedding() {
        return Gpt2.TOKEN_TABLE;
    }

    @Override
    public String output() {
        return Gpt2.OUTPUT;
    }

    @Override
    public ModelConfig untied() {
        return config.with(c -> c.tieWordEmbeddings(false));
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
        json.put("tie_word_embeddings", config.tieWordEmbeddings());
    }
}
