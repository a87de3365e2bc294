package io.softq4j.model;

import io.softq4j.common.Drafts;
import io.softq4j.common.Key;
import io.softq4j.common.Keys;
import io.softq4j.common.Range;
import io.softq4j.common.UserError;
import java.util.List;
import java.util.function.Consumer;

/**
 * This record is the size of a GPT-2 model, with the names of Hugging Face's {@code config.json}.
 *
 * <p>Each component is a key of the section {@code model}; its {@link Key} says what it means.
 */
public record Gpt2Config(
        @Key(value = "V; 0 is the tokenizer's", allowed = "0 is the tokenizer's, otherwise no less than that")
        @Range(atLeast = 0, atMost = Sizes.MOST_TOKENS)
        int vocabSize,
        @Key("longest sequence; training cuts longer examples, so keep `data.max_length` at or below it")
        @Range(atLeast = 2, atMost = Sizes.MOST_TOKENS)
        int nPositions,
        @Key(value = "D, width", allowed = "a multiple of `n_head`")
        @Range(atLeast = 1, atMost = Sizes.MOST_WIDTH)
        int nEmbd,
        @Key("blocks")
        @Range(atLeast = 1, atMost = Sizes.MOST_LAYERS)
        int nLayer,
        @Key("H, attention heads")
        @Range(atLeast = 1, atMost = Sizes.MOST_HEADS)
        int nHead,
        @Key("added to the variance")
        @Range(above = 0)
        double layerNormEpsilon,
        @Key("standard deviation of fresh weights")
        @Range(above = 0)
        double initializerRange,
        @Key("whether the output layer is the token embedding")
        boolean tieWordEmbeddings) implements ModelConfig {

    private static final Keys KEYS = Keys.of(Gpt2Config.class);

    public Gpt2Config {
        KEYS.check("layer_norm_epsilon", layerNormEpsilon);
        KEYS.check("initializer_range", initializerRange);
        Sizes.tokens("vocab_size", vocabSize, 0);
        Sizes.tokens("n_positions", nPositions, 2);
        Sizes.width("n_embd", nEmbd, 1);
        Sizes.layers("n_layer", nLayer);
        Sizes.heads("n_head", nHead);
        if (nEmbd % nHead != 0) {
            throw new UserError("n_embd must be a multiple of n_head, was " + nEmbd + " with n_head " + nHead);
        }
    }

    /** The components by name, to be set; see {@link #with}. Each method is documented at the component of its name. */
    public interface Draft {

        Draft vocabSize(int value);

        Draft nPositions(int value);

        Draft nEmbd(int value);

        Draft nLayer(int value);

        Draft nHead(int value);

        Draft layerNormEpsilon(double value);

        Draft initializerRange(double value);

        Draft tieWordEmbeddings(boolean value);
    }

    /** A small model that trains in minutes on two cores. */
    public static Gpt2Config defaults() {
        return Drafts.make(Gpt2Config.class, Draft.class, c -> c.vocabSize(0).nPositions(512).nEmbd(192).nLayer(4).nHead(6)
                .layerNormEpsilon(1e-5).initializerRange(0.02).tieWordEmbeddings(true));
    }

    /** This configuration with what {@code change} sets. */
    public Gpt2Config with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
    }

    @Override
    public int width() {
        return nEmbd;
    }

    @Override
    public String modelType() {
        return Gpt2Family.MODEL_TYPE;
    }

    @Override
    public int layers() {
        return nLayer;
    }

    @Override
    public String layersKey() {
        return "n_layer";
    }

    @Override
    public int contextLength() {
        return nPositions;
    }

    @Override
    public String contextKey() {
        return "n_positions";
    }

    @Override
    public List<ModelPart> parts() {
        long d = nEmbd;
        long layer = 12 * d * d + 13 * d; // qkv, projection, two of the feed-forward layer, their biases, two norms
        String width = ", n_embd " + nEmbd;
        return List.of(ModelPart.tables("the table of tokens", "vocab_size " + vocabSize + width, tieWordEmbeddings ? 1 : 2, vocabSize, d),
                ModelPart.tables("the table of positions", "n_positions " + nPositions + width, 1, nPositions, d),
                new ModelPart("the layers", "n_layer " + nLayer + width, Math.multiplyExact(layer, (long) nLayer), 4 * d * d),
                new ModelPart("the last norm", "n_embd " + nEmbd, 2 * d, d));
    }
}
