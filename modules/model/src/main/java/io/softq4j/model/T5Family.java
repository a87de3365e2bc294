package io.softq4j.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.graph.Lowering;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.nd4j.linalg.api.buffer.DataType;

/** T5, T5 v1.1 and Flan-T5 as Hugging Face's {@code T5Config} and {@code T5ForConditionalGeneration} store them. */
record T5Family(T5Config config) implements Family {

    static final String MODEL_TYPE = "t5";

    /** The library's other names of settings. */
    private static final Map<String, String> NAMES = Map.of("d_model", "hidden_size", "d_kv", "head_dim", "num_heads",
            "num_attention_heads",
            "num_layers", "num_hidden_layers");

    /** A bias that some files have and no layer has read since the first releases. */
    private static final String UNREAD = "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight";

    /** The embedding once more for each stack, as some exporters store it. */
    private static final List<String> OF_STACKS = List.of("encoder.embed_tokens.weight", "decoder.embed_tokens.weight");

    static List<Kind> kinds() {
        return List.of(new Kind(new SupportedModel(MODEL_TYPE, "T5ForConditionalGeneration", "T5, T5 v1.1, Flan-T5",
                "arXiv 1910.10683, 2210.11416",
                "encoder and decoder; relative positions; ReLU or gated GELU; output layer tied or not"), T5Family::read));
    }

    static T5Config read(ConfigJson file) {
        ConfigJson json = file.named(NAMES);
        json.requireAll("layer_types", "full_attention");
        json.requireOnePerLayer("layer_types", "num_layers");
        int layers = json.integer("num_layers");
        if (!file.contains("num_layers") && !json.has("num_decoder_layers")) {
            throw json.error("num_decoder_layers is missing: beside num_hidden_layers, the library's second name of num_layers, it has no "
                    + "default.");
        }
        int pad = json.integer("pad_token_id", 0);
        boolean tied = json.flag("tie_word_embeddings", true);
        return T5Config.defaults().with(c -> c
                .vocabSize(json.integer("vocab_size"))
                .dModel(json.integer("d_model"))
                .dKv(json.integer("d_kv"))
                .dFf(json.integer("d_ff"))
                .numLayers(layers)
                .numDecoderLayers(json.integer("num_decoder_layers", layers))
                .numHeads(json.integer("num_heads"))
                .relativeAttentionNumBuckets(json.integer("relative_attention_num_buckets", 32))
                .relativeAttentionMaxDistance(json.integer("relative_attention_max_distance", 128))
                .layerNormEpsilon(json.number("layer_norm_epsilon", 1e-6))
                .feedForwardProj(feedForward(json))
                .tieWordEmbeddings(tied)
                .scaleDecoderOutputs(json.flag("scale_decoder_outputs", tied))
                .padTokenId(pad)
                .eosTokenId(endOfSource(json))
                .decoderStartTokenId(json.integer("decoder_start_token_id", pad))
                .initializerFactor(json.number("initializer_factor", 1)));
    }

    /** Of several tokens that end a text, the first closes what the encoder reads. */
    private static int endOfSource(ConfigJson json) {
        return json.has("eos_token_id") ? json.integers("eos_token_id").stream().findFirst().orElseThrow(() ->
                json.error("eos_token_id is empty.")) : 1;
    }

    /** The kind; its two halves follow from it, and where they are said they must be its own. */
    private static T5FeedForward feedForward(ConfigJson json) {
        String name = json.text("feed_forward_proj", T5FeedForward.RELU.projection());
        String implied = name.equals("gated-gelu") ? "gelu_new" : name.substring(name.lastIndexOf('-') + 1);
        T5FeedForward kind = T5FeedForward.of(name.startsWith("gated-"), implied)
                .orElseThrow(() -> json.unsupported("feed_forward_proj", "relu or gated-gelu"));
        if (json.flag("is_gated_act", kind.gated()) != kind.gated()) {
            throw json.unsupported("is_gated_act", Boolean.toString(kind.gated()));
        }
        if (T5FeedForward.of(kind.gated(), json.text("dense_act_fn", implied)).isEmpty()) {
            throw json.unsupported("dense_act_fn", kind.activation());
        }
        return kind;
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
        return tensor.equals(UNREAD);
    }

    @Override
    public String embedding() {
        return T5.TOKEN_TABLE;
    }

    @Override
    public String output() {
        return T5.OUTPUT;
    }

    @Override
    public Set<String> copies() {
        Set<String> copies = new TreeSet<>(OF_STACKS);
        copies.addAll(Family.super.copies());
        return copies;
    }

    @Override
    public String headless() {
        return Family.super.headless() + " A T5 whose output layer is the embedding but reads a hidden state that is not scaled, as "
                + "transformers 5 reads "
                + "such a file, has tie_word_embeddings true and scale_decoder_outputs false.";
    }

    @Override
    public ModelConfig untied() {
        return config.with(c -> c.tieWordEmbeddings(false));
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
        json.put("scale_decoder_outputs", config.scaleDecoderOutputs());
        json.put("pad_token_id", config.padTokenId());
        json.put("eos_token_id", config.eosTokenId());
        json.put("decoder_start_token_id", config.decoderStartTokenId());
    }
}
