package io.softq4j.model;

import io.softq4j.common.UserError;
import java.util.List;

/**
 * Size of a GPT-2 model, with the names of Hugging Face's {@code config.json}.
 *
 * @param vocabSize        V; 0 in a configuration file means the tokenizer's
 * @param nPositions       longest sequence
 * @param nEmbd            D, a multiple of {@code nHead}
 * @param nLayer           number of blocks
 * @param nHead            H
 * @param layerNormEpsilon added to the variance
 * @param initializerRange standard deviation of fresh weights
 * @param tieWordEmbeddings whether the output layer is the token embedding
 */
public record Gpt2Config(int vocabSize, int nPositions, int nEmbd, int nLayer, int nHead, double layerNormEpsilon, double initializerRange,
                         boolean tieWordEmbeddings) implements ModelConfig {

    /** With a tied output layer, as published. */
    public Gpt2Config(int vocabSize, int nPositions, int nEmbd, int nLayer, int nHead, double layerNormEpsilon, double initializerRange) {
        this(vocabSize, nPositions, nEmbd, nLayer, nHead, layerNormEpsilon, initializerRange, true);
    }

    public Gpt2Config {
        Sizes.tokens("vocab_size", vocabSize, 0);
        Sizes.tokens("n_positions", nPositions, 2);
        Sizes.width("n_embd", nEmbd, 1);
        Sizes.layers("n_layer", nLayer);
        Sizes.heads("n_head", nHead);
        if (nEmbd % nHead != 0) {
            throw new UserError("n_embd must be a multiple of n_head, was " + nEmbd + " with n_head " + nHead);
        }
        if (!(layerNormEpsilon > 0)) {
            throw new UserError("layer_norm_epsilon must be > 0, was " + layerNormEpsilon);
        }
        if (!(initializerRange > 0)) {
            throw new UserError("initializer_range must be > 0, was " + initializerRange);
        }
    }

    /** A small model that trains in minutes on two cores. */
    public static Gpt2Config defaults() {
        return new Gpt2Config(0, 512, 192, 4, 6, 1e-5, 0.02);
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

    /** The same size with another vocabulary. */
    public Gpt2Config withVocabSize(int size) {
        return new Gpt2Config(size, nPositions, nEmbd, nLayer, nHead, layerNormEpsilon, initializerRange, tieWordEmbeddings);
    }
}
