package io.softq4j.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.graph.Lowering;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.nd4j.linalg.api.buffer.DataType;

/** GPT-NeoX and Pythia as Hugging Face's {@code GPTNeoXConfig} and {@code GPTNeoXForCausalLM} store them. */
record GptNeoXFamily(GptNeoXConfig config) implements Family {

    static final String MODEL_TYPE = "gpt_neox";

    /** Fields that change what is computed, with the only value this family is built for. */
    private static final Map<String, String> FIXED = new TreeMap<>(Map.of("num_key_value_heads", ConfigJson.ABSENT, "head_dim", ConfigJson.ABSENT,
            "sliding_window", ConfigJson.ABSENT, "num_local_experts", ConfigJson.ABSENT, "num_experts", ConfigJson.ABSENT,
            "quantization_config", ConfigJson.ABSENT));

    /** What early versions stored though it follows from the configuration: causal masks and the frequencies of rotary positions. */
    private static final Pattern REDUNDANT =
            Pattern.compile("(gpt_neox\\.)?(layers\\.\\d+\\.attention\\.((masked_)?bias|rotary_emb\\.inv_freq)|rotary_emb\\.inv_freq)");

    static List<Kind> kinds() {
        return List.of(new Kind(new SupportedModel(MODEL_TYPE, "GPTNeoXForCausalLM", "GPT-NeoX, Pythia", "arXiv 2204.06745, 2304.01373",
                "parallel or sequential residual; partial RoPE, scaling default, linear, llama3; GELU exact or tanh; output layer tied or not"),
                GptNeoXFamily::read));
    }

    static GptNeoXConfig read(ConfigJson json) {
        json.requireOnly(FIXED);
        json.requireAll("layer_types", "full_attention");
        HiddenAct act = HiddenAct.named(json.text("hidden_act", "gelu")).orElseThrow(() -> json.unsupported("hidden_act", HiddenAct.all()));
        return new GptNeoXConfig(json.integer("vocab_size"), json.integer("max_position_embeddings"), json.integer("hidden_size"),
                json.integer("intermediate_size"), json.integer("num_hidden_layers"), json.integer("num_attention_heads"), act,
                rotary(json, "rotary_pct", "partial_rotary_factor", 0.25), rotary(json, "rotary_emb_base", "rope_theta", 10_000),
                RopeJson.scaling(json), json.flag("use_parallel_residual", true), json.flag("attention_bias", true),
                json.number("layer_norm_eps", 1e-5), json.flag("tie_word_embeddings", false), json.number("initializer_range", 0.02));
    }

    /** A number with a name of this family's and one that newer versions have for all families, there within the object of rotary positions too. */
    private static double rotary(ConfigJson json, String older, String newer, double absent) {
        Map<String, Double> given = new LinkedHashMap<>();
        Optional<ConfigJson> object = RopeJson.object(json);
        object.filter(rope -> rope.has(newer)).ifPresent(rope -> given.put(rope.path(newer), rope.number(newer)));
        for (String key : List.of(newer, older)) {
            if (json.has(key)) {
                given.put(key, json.number(key));
            }
        }
        if (given.values().stream().distinct().count() > 1) {
            throw json.error(older + " is given twice with different values, " + given + ": keep the one the model was trained with.");
        }
        return given.values().stream().findFirst().orElse(absent);
    }

    @Override
    public Transformer transformer(Weights weights, Lowering lowering, DataType type) {
        return new GptNeoX(config, weights, lowering, type);
    }

    @Override
    public String prefix() {
        return "gpt_neox.";
    }

    @Override
    public boolean redundant(String tensor) {
        return REDUNDANT.matcher(tensor).matches() || config.tieWordEmbeddings() && tensor.equals(GptNeoX.OUTPUT);
    }

    @Override
    public void write(ObjectNode json) {
        json.putArray("architectures").add("GPTNeoXForCausalLM");
        json.put("model_type", MODEL_TYPE);
        json.put("vocab_size", config.vocabSize());
        json.put("max_position_embeddings", config.maxPositionEmbeddings());
        json.put("hidden_size", config.hiddenSize());
        json.put("intermediate_size", config.intermediateSize());
        json.put("num_hidden_layers", config.numHiddenLayers());
        json.put("num_attention_heads", config.numAttentionHeads());
        json.put("hidden_act", config.hiddenAct().configName());
        json.put("rotary_pct", config.rotaryPct());
        json.put("rotary_emb_base", config.rotaryEmbBase());
        RopeJson.write(json, config.ropeScaling());
        json.put("use_parallel_residual", config.useParallelResidual());
        json.put("attention_bias", config.attentionBias());
        json.put("layer_norm_eps", config.layerNormEps());
        json.put("initializer_range", config.initializerRange());
        json.put("attention_dropout", 0.0).put("hidden_dropout", 0.0);
        json.put("tie_word_embeddings", config.tieWordEmbeddings());
    }
}
