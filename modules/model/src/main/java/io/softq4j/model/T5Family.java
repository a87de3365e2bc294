package io.softq4j.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.graph.Lowering;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.nd4j.linalg.api.buffer.DataType;

/** T5, T5 v1.1 and Flan-T5 as Hugging Face's {@code T5Config} and {@code T5ForConditionalGeneration} store them. */
record T5Family(T5Config config) implements Family {

    static final String MODEL_TYPE = "t5";

    /** Fields that change what is computed, with the only value this family is built for; some are of relatives that call themselves t5. */
    private static final Map<String, String> FIXED = new TreeMap<>(Map.of("is_encoder_decoder", "true", "is_decoder", "false",
            "tie_encoder_decoder", "false", "scalable_attention", "false", "encoder_attention_type", ConfigJson.ABSENT,
            "num_experts", ConfigJson.ABSENT, "quantization_config", ConfigJson.ABSENT));

    /** Tensors some exporters add: the shared embedding once more for each stack, and biases that no layer has read since the first releases. */
    private static final Set<String> REDUNDANT = Set.of("encoder.embed_tokens.weight", "decoder.embed_tokens.weight",
            "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight");

    static List<Kind> kinds() {
        return List.of(new Kind(new SupportedModel(MODEL_TYPE, "T5ForConditionalGeneration", "T5, T5 v1.1, Flan-T5", "arXiv 1910.10683, 2210.11416",
                "encoder and decoder; relative positions; ReLU or gated GELU; output layer tied or not"), T5Family::read));
    }

    static T5Config read(ConfigJson json) {
        json.requireOnly(FIXED);
        int layers = json.integer("num_layers");
        int pad = json.integer("pad_token_id", 0);
        return new T5Config(json.integer("vocab_size"), json.integer("d_model"), json.integer("d_kv"), json.integer("d_ff"), layers,
                json.integer("num_decoder_layers", layers), json.integer("num_heads"), json.integer("relative_attention_num_buckets", 32),
                json.integer("relative_attention_max_distance", 128), json.number("layer_norm_epsilon", 1e-6), feedForward(json), tied(json), pad,
                json.integer("eos_token_id", 1), json.integer("decoder_start_token_id", pad), json.number("initializer_factor", 1));
    }

    private static T5FeedForward feedForward(ConfigJson json) {
        String key = "feed_forward_proj";
        T5FeedForward kind = T5FeedForward.named(json.text(key, T5FeedForward.RELU.projection()))
                .orElseThrow(() -> json.unsupported(key, "relu or gated-gelu"));
        // they follow from the kind, but one that says otherwise is what Hugging Face computes
        json.requireOnly(Map.of("dense_act_fn", kind.activation()));
        json.requireOnly(Map.of("is_gated_act", Boolean.toString(kind.gated())));
        return kind;
    }

    /**
     * A tied output layer reads a scaled hidden state. Transformers 5 writes the scale as a field of its own and tie_word_embeddings as true, whatever
     * the weights are; without the scale they must have an output layer.
     */
    private static boolean tied(ConfigJson json) {
        boolean tied = json.flag("tie_word_embeddings", true);
        boolean scaled = json.flag("scale_decoder_outputs", tied);
        if (scaled && !tied) {
            throw json.error("scale_decoder_outputs is true with tie_word_embeddings false; only an output layer that is tied and reads a scaled hidden "
                    + "state, or neither, is supported.");
        }
        return scaled;
    }

    @Override
    public Transformer transformer(Weights weights, Lowering lowering, DataType type) {
        return new T5(config, weights, lowering, type);
    }

    /** All tensors are called the same in files without the output layer. */
    @Override
    public String prefix() {
        return "";
    }

    @Override
    public boolean redundant(String tensor) {
        return REDUNDANT.contains(tensor) || config.tieWordEmbeddings() && tensor.equals(T5.OUTPUT);
    }

    @Override
    public void write(ObjectNode json) {
        json.putArray("architectures").add("T5ForConditionalGeneration");
        json.put("model_type", MODEL_TYPE);
        json.put("is_encoder_decoder", true);
        json.put("vocab_size", config.vocabSize());
        json.put("d_model", config.dModel());
        json.put("d_kv", config.dKv());
        json.put("d_ff", config.dFf());
        json.put("num_layers", config.numLayers());
        json.put("num_decoder_layers", config.numDecoderLayers());
        json.put("num_heads", config.numHeads());
        json.put("relative_attention_num_buckets", config.relativeAttentionNumBuckets());
        json.put("relative_attention_max_distance", config.relativeAttentionMaxDistance());
        json.put("layer_norm_epsilon", config.layerNormEpsilon());
        json.put("feed_forward_proj", config.feedForwardProj().projection());
        json.put("dense_act_fn", config.feedForwardProj().activation());
        json.put("is_gated_act", config.feedForwardProj().gated());
        json.put("initializer_factor", config.initializerFactor());
        json.put("dropout_rate", 0.0);
        json.put("tie_word_embeddings", config.tieWordEmbeddings());
        json.put("pad_token_id", config.padTokenId());
        json.put("eos_token_id", config.eosTokenId());
        json.put("eos_token_id", config.eosTokenId());
        json.put("decoder_start_token_id", config.decoderStartTokenId());
    }
}
