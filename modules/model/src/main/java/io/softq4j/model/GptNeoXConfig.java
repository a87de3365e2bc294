package io.softq4j.model;

import io.softq4j.common.Drafts;
import io.softq4j.common.UserError;
import io.softq4j.graph.Ops;
import java.util.List;
import java.util.function.Consumer;

/**
 * This record is the size of a GPT-NeoX model, with the names of Hugging Face's {@code config.json}.
 *
 * @param vocabSize             V
 * @param maxPositionEmbeddings longest sequence
 * @param hiddenSize            D, a multiple of {@code numAttentionHeads}
 * @param intermediateSize      F, width of the feed-forward layer
 * @param numHiddenLayers       number of blocks
 * @param numAttentionHeads     H
 * @param hiddenAct             of the feed-forward layer
 * @param rotaryPct             the part of each head that rotary positions turn, above 0 and at most 1
 * @param rotaryEmbBase         base of the frequencies of rotary positions
 * @param ropeScaling           how these are changed
 * @param useParallelResidual   whether attention and feed-forward layer read the same x, or the latter what the former gives
 * @param attentionBias         whether the attention's projections have a bias
 * @param layerNormEps          added to the variance
 * @param tieWordEmbeddings     whether the output layer is the token embedding
 * @param initializerRange      standard deviation of fresh weights
 */
public record GptNeoXConfig(int vocabSize, int maxPositionEmbeddings, int hiddenSize, int intermediateSize, int numHiddenLayers,
                            int numAttentionHeads, HiddenAct hiddenAct, double rotaryPct, double rotaryEmbBase, RopeScaling ropeScaling,
                            boolean useParallelResidual, boolean attentionBias, double layerNormEps, boolean tieWordEmbeddings,
                            double initializerRange) implements ModelConfig {

    public GptNeoXConfig {
        Sizes.tokens("vocab_size", vocabSize, 1);
        Sizes.tokens("max_position_embeddings", maxPositionEmbeddings, 2);
        Sizes.width("hidden_size", hiddenSize, 1);
        Sizes.width("intermediate_size", intermediateSize, 1);
        Sizes.layers("num_hidden_layers", numHiddenLayers);
        Sizes.heads("num_attention_heads", numAttentionHeads);
        if (hiddenSize % numAttentionHeads != 0) {
            throw new UserError("hidden_size must be a multiple of num_attention_heads, was " + hiddenSize + " with num_attention_heads "
                    + numAttentionHeads);
        }
        if (!(rotaryPct > 0 && rotaryPct <= 1)) {
            throw new UserError("rotary_pct must be above 0 and at most 1, was " + rotaryPct);
        }
        int width = hiddenSize / numAttentionHeads;
        int turned = turned(width, rotaryPct);
        if (turned < 2 || turned % 2 != 0 || width % (turned / 2) != 0) {
            throw new UserError("rotary_pct must give an even number of turned dimensions whose half divides the width of a head, was "
                    + rotaryPct
                    + ", which gives " + turned + " of " + width);
        }
        Sizes.positive("rotary_emb_base", rotaryEmbBase);
        Sizes.positive("layer_norm_eps", layerNormEps);
        Sizes.positive("initializer_range", initializerRange);
    }

    /** The components by name, to be set; see {@link #with}. Each method is documented at the parameter of its name. */
    public interface Draft {

        Draft vocabSize(int value);

        Draft maxPositionEmbeddings(int value);

        Draft hiddenSize(int value);

        Draft intermediateSize(int value);

        Draft numHiddenLayers(int value);

        Draft numAttentionHeads(int value);

        Draft hiddenAct(HiddenAct value);

        Draft rotaryPct(double value);

        Draft rotaryEmbBase(double value);

        Draft ropeScaling(RopeScaling value);

        Draft useParallelResidual(boolean value);

        Draft attentionBias(boolean value);

        Draft layerNormEps(double value);

        Draft tieWordEmbeddings(boolean value);

        Draft initializerRange(double value);
    }

    /** GPT-NeoX 20B, as {@code GPTNeoXConfig} of Hugging Face has it by default. */
    public static GptNeoXConfig defaults() {
        return Drafts.make(GptNeoXConfig.class, Draft.class, c -> c.vocabSize(50_432).maxPositionEmbeddings(2048).hiddenSize(6144)
                .intermediateSize(24_576).numHiddenLayers(44).numAttentionHeads(64).hiddenAct(HiddenAct.GELU).rotaryPct(0.25)
                .rotaryEmbBase(10_000).ropeScaling(new RopeScaling.None()).useParallelResidual(true).attentionBias(true).layerNormEps(1e-5)
                .tieWordEmbeddings(false).initializerRange(0.02));
    }

    /** This configuration with what {@code change} sets. */
    public GptNeoXConfig with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
    }

    @Override
    public int width() {
        return hiddenSize;
    }

    @Override
    public String modelType() {
        return GptNeoXFamily.MODEL_TYPE;
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

    /** K. */
    int headDim() {
        return hiddenSize / numAttentionHeads;
    }

    /** The frequencies of rotary positions, scaled, {@code [R / 2]}, in radians a position; R dimensions of a head are turned. */
    double[] frequencies() {
        return ropeScaling.scaled(Ops.rotaryFrequencies(rotaryEmbBase, turned(headDim(), rotaryPct)));
    }

    @Override
    public List<ModelPart> parts() {
        long d = hiddenSize;
        // q k v o, two feed-forward layers and biases, two norms
        long layer = 4 * d * d + 2 * d * intermediateSize + intermediateSize + d + 4 * d;
        layer += attentionBias ? 4 * d : 0;
        String width = ", hidden_size " + hiddenSize;
        return List.of(ModelPart.tables("the table of tokens", "vocab_size " + vocabSize + width, tieWordEmbeddings ? 1 : 2, vocabSize, d),
                new ModelPart("the layers", "num_hidden_layers " + numHiddenLayers + width + ", intermediate_size " + intermediateSize,
                        Math.multiplyExact(layer, (long) numHiddenLayers), d * Math.max(3 * d, intermediateSize)),
                new ModelPart("the last norm", "hidden_size " + hiddenSize, 2 * d, d));
    }

    /** R, rounded down as Hugging Face does. */
    private static int turned(int width, double part) {
        return (int) (width * part);
    }
}
