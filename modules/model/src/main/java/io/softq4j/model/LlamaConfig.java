package io.softq4j.model;

import io.softq4j.common.Drafts;
import io.softq4j.common.UserError;
import io.softq4j.graph.Ops;
import java.util.List;
import java.util.function.Consumer;

/**
 * This record is the size of a model of the Llama family, with the names of Hugging Face's {@code config.json}.
 *
 * @param variant               which of the family
 * @param vocabSize             V
 * @param maxPositionEmbeddings longest sequence
 * @param hiddenSize            D
 * @param intermediateSize      F, width of the feed-forward layer
 * @param numHiddenLayers       number of blocks
 * @param numAttentionHeads     H
 * @param numKeyValueHeads      G, a divisor of H: as many heads of keys and of values (Ainslie et al. 2023, arXiv 2305.13245)
 * @param headDim               K, even; H K need not be D
 * @param rmsNormEps            added to the mean square
 * @param ropeTheta             base of the frequencies of rotary positions
 * @param ropeScaling           how these are changed
 * @param tieWordEmbeddings     whether the output layer is the token embedding
 * @param initializerRange      standard deviation of fresh weights
 */
public record LlamaConfig(LlamaVariant variant, int vocabSize, int maxPositionEmbeddings, int hiddenSize, int intermediateSize,
        int numHiddenLayers,
                          int numAttentionHeads, int numKeyValueHeads, int headDim, double rmsNormEps, double ropeTheta,
                          RopeScaling ropeScaling,
                          boolean tieWordEmbeddings, double initializerRange) implements ModelConfig {

    public LlamaConfig {
        Sizes.tokens("vocab_size", vocabSize, 1);
        Sizes.tokens("max_position_embeddings", maxPositionEmbeddings, 2);
        Sizes.width("hidden_size", hiddenSize, 1);
        Sizes.width("intermediate_size", intermediateSize, 1);
        Sizes.layers("num_hidden_layers", numHiddenLayers);
        Sizes.heads("num_attention_heads", numAttentionHeads);
        Sizes.heads("num_key_value_heads", numKeyValueHeads);
        Sizes.width("head_dim", headDim, 2);
        Sizes.allHeads("num_attention_heads", numAttentionHeads, "head_dim", headDim);
        if (numAttentionHeads % numKeyValueHeads != 0) {
            throw new UserError("num_attention_heads must be a multiple of num_key_value_heads, was " + numAttentionHeads
                    + " with num_key_value_heads " + numKeyValueHeads);
        }
        if (headDim % 2 != 0) {
            throw new UserError("head_dim must be even, since rotary positions turn its elements in pairs; was " + headDim);
        }
        Sizes.positive("rms_norm_eps", rmsNormEps);
        Sizes.positive("rope_theta", ropeTheta);
        Sizes.positive("initializer_range", initializerRange);
    }

    /** The components by name, to be set; see {@link #with}. Each method is documented at the parameter of its name. */
    public interface Draft {

        Draft variant(LlamaVariant value);

        Draft vocabSize(int value);

        Draft maxPositionEmbeddings(int value);

        Draft hiddenSize(int value);

        Draft intermediateSize(int value);

        Draft numHiddenLayers(int value);

        Draft numAttentionHeads(int value);

        Draft numKeyValueHeads(int value);

        Draft headDim(int value);

        Draft rmsNormEps(double value);

        Draft ropeTheta(double value);

        Draft ropeScaling(RopeScaling value);

        Draft tieWordEmbeddings(boolean value);

        Draft initializerRange(double value);
    }

    /** Llama 7B, as {@code LlamaConfig} of Hugging Face has it by default. */
    public static LlamaConfig defaults() {
        return Drafts.make(LlamaConfig.class, Draft.class, c -> c.variant(LlamaVariant.LLAMA).vocabSize(32_000).maxPositionEmbeddings(2048)
                .hiddenSize(4096).intermediateSize(11_008).numHiddenLayers(32).numAttentionHeads(32).numKeyValueHeads(32).headDim(128)
                .rmsNormEps(1e-6).ropeTheta(10_000).ropeScaling(new RopeScaling.None()).tieWordEmbeddings(false).initializerRange(0.02));
    }

    /** This configuration with what {@code change} sets. */
    public LlamaConfig with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
    }

    @Override
    public int width() {
        return hiddenSize;
    }

    @Override
    public String modelType() {
        return variant.modelType();
    }

    @Override
    public int layers() {
        return numHiddenLayers;
    }

    @Override
    public String layersKey() {
        return "num_hidden_layers";
    }

    @Override
    public int contextLength() {
        return maxPositionEmbeddings;
    }

    @Override
    public String contextKey() {
        return "max_position_embeddings";
    }

    /** The frequencies of rotary positions, scaled, {@code [K / 2]}, in radians a position. */
    double[] frequencies() {
        return ropeScaling.scaled(Ops.rotaryFrequencies(ropeTheta, headDim));
    }

    @Override
    public List<ModelPart> parts() {
        long d = hiddenSize;
        long query = (long) numAttentionHeads * headDim;
        long keyValue = 2L * numKeyValueHeads * headDim;
        long layer = d * (2 * query + keyValue) + 3 * d * intermediateSize + 2 * d; // q k v o, gate up down, two norms
        layer += variant.qkvBias() ? query + keyValue : 0;
        layer += variant.headNorm() ? 2L * headDim : 0;
        String width = ", hidden_size " + hiddenSize;
        return List.of(ModelPart.tables("the table of tokens", "vocab_size " + vocabSize + width, tieWordEmbeddings ? 1 : 2, vocabSize, d),
                new ModelPart("the layers", "num_hidden_layers " + numHiddenLayers + width + ", intermediate_size " + intermediateSize
                        + ", num_attention_heads " + numAttentionHeads + ", head_dim " + headDim,
                        Math.multiplyExact(layer, (long) numHiddenLayers),
                        d * Math.max(query, intermediateSize)),
                new ModelPart("the last norm", "hidden_size " + hiddenSize, d, d));
    }
}
