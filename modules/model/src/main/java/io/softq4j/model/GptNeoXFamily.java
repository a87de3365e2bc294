package io.softq4j.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.graph.Lowering;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.nd4j.linalg.api.buffer.DataType;

/** GPT-NeoX and Pythia as Hugging Face's {@code GPTNeoXConfig} and {@code GPTNeoXForCausalLM} store them. */
record GptNeoXFamily(GptNeoXConfig config) implements Family {

    static final String MODEL_TYPE = "gpt_neox";

    private static final String NEWER_OUTPUT = "lm_head.weight";
    private static final Rotary.Names NAMES = new Rotary.Names("rotary_emb_base", "rotary_pct", 0.25);

    /** What early versions stored though it follows from the configuration: causal masks and the frequencies of rotary positions. */
    private static final Pattern REDUNDANT =
            Pattern.compile("(gpt_neox\\.)?(layers\\.\\d+\\.attention\\.((masked_)?bias|rotary_emb\\.inv_freq)|rotary_emb\\.inv_freq)");

    static List<Kind> kinds() {
        return List.of(new Kind(new SupportedModel(MODEL_TYPE, "GPTNeoXForCausalLM", "GPT-NeoX, Pythia", "arXiv 2204.06745, 2304.01373",
                "parallel or sequential residual; partial RoPE, scaling default, linear, llama3; GELU exact or tanh; output layer "
                + "tied or not"),
                GptNeoXFamily::read));
    }

    static GptNeoXConfig read(ConfigJson json) {
        json.requireAll("layer_types", "full_attention");
        json.requireOnePerLayer("layer_types", "num_hidden_layers");
        HiddenAct act = HiddenAct.named(json.text("hidden_act", "gelu")).orElseThrow(() -> json.unsupported("hidden_act",
                HiddenAct.everyName()));
        Rotary rotary = Rotary.read(json, NAMES);
        return GptNeoXConfig.defaults().with(c -> c
                .vocabSize(json.integer("vocab_size"))
                .maxPositionEmbeddings(json.integer("max_position_embeddings"))
                .hiddenSize(json.integer("hidden_size"))
                .intermediateSize(json.integer("intermediate_size"))
                .numHiddenLayers(json.integer("num_hidden_layers"))
                .numAttentionHeads(json.integer("num_attention_heads"))
                .hiddenAct(act)
                .rotaryPct(rotary.part())
                .rotaryEmbBase(rotary.theta())
                .ropeScaling(rotary.scaling())
                .useParallelResidual(json.flag("use_parallel_residual", true))
                .attentionBias(json.flag("attention_bias", true))
                .layerNormEps(json.number("layer_norm_eps", 1e-5))
                .tieWordEmbeddings(json.flag("tie_word_embeddings", false))
                .initializerRange(json.number("initializer_range", 0.02)));
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
        return REDUNDANT.matcher(tensor).matches();
    }

    @Override
    public String embedding() {
        return GptNeoX.TOKEN_TABLE;
    }

    @Override
    public String output() {
        return GptNeoX.OUTPUT;
    }

    /** Since transformers 5 the output layer may be called as that of other families. */
    @Override
    public String stored(String parameter, Set<String> names) {
        return parameter.equals(GptNeoX.OUTPUT) && !names.contains(parameter) && names.contains(NEWER_OUTPUT) ? NEWER_OUTPUT
                : Family.super.stored(parameter, names);
    }

    @Override
    public ModelConfig untied() {
        return config.with(c -> c.tieWordEmbeddings(false));
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
        Rotary.write(json, config.ropeScaling());
        json.put("use_parallel_residual", config.useParallelResidual());
        json.put("attention_bias", config.attentionBias());
        json.put("layer_norm_eps", config.layerNormEps());
        json.put("initializer_range", config.initializerRange());
        json.put("attention_dropout", 0.0).put("hidden_dropout", 0.0);
        json.put("tie_word_embeddings", config.tieWordEmbeddings());
    }
}
