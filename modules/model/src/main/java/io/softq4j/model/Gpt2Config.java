package io.softq4j.model;

import static io.softq4j.model.Sizes.atLeast;

import io.softq4j.common.UserError;

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
 */
public record Gpt2Config(int vocabSize, int nPositions, int nEmbd, int nLayer, int nHead, double layerNormEpsilon, double initializerRange)
        implements ModelConfig {

    public Gpt2Config {
        atLeast("vocab_size", vocabSize, 0);
        atLeast("n_positions", nPositions, 2);
        atLeast("n_embd", nEmbd, 1);
        atLeast("n_layer", nLayer, 1);
        atLeast("n_head", nHead, 1);
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
    public int contextLength() {
        return nPositions;
    }

    @Override
    public String contextKey() {
        return "n_positions";
    }

    @Override
    public long parameters() {
        long d = nEmbd;
        long layer = 12 * d * d + 13 * d; // qkv, projection, two of the feed-forward layer, their biases, two norms
        return Math.addExact(Math.multiplyExact(d, (long) vocabSize + nPositions + 2), Math.multiplyExact(layer, (long) nLayer));
    }

    /** The same size with another vocabulary. */
    public Gpt2Config withVocabSize(int size) {
        return new Gpt2Config(size, nPositions, nEmbd, nLayer, nHead, layerNormEpsilon, initializerRange);
    }
}
