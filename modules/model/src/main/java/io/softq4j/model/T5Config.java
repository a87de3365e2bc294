package io.softq4j.model;

import io.softq4j.common.Drafts;
import io.softq4j.common.UserError;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * This record is the size of a T5 model, with the names of Hugging Face's {@code config.json}.
 *
 * @param vocabSize                    V
 * @param dModel                       D
 * @param dKv                          K, width of a head; H K need not be D
 * @param dFf                          F, width of the feed-forward layer
 * @param numLayers                    blocks of the encoder
 * @param numDecoderLayers             blocks of the decoder
 * @param numHeads                     H
 * @param relativeAttentionNumBuckets  distances that share a bias, a multiple of 4: half for keys after the query, and half of those for
 *                                     one distance each
 * @param relativeAttentionMaxDistance from which on distances are all in one bucket
 * @param layerNormEpsilon             added to the mean square
 * @param feedForwardProj              kind of the feed-forward layer
 * @param tieWordEmbeddings            whether the output layer is the token embedding
 * @param scaleDecoderOutputs          whether the output layer reads the hidden state scaled by D^-0.5
 * @param padTokenId                   fills rows
 * @param eosTokenId                   ends what the encoder reads
 * @param decoderStartTokenId          what the decoder starts from
 * @param initializerFactor            scales fresh weights
 */
public record T5Config(int vocabSize, int dModel, int dKv, int dFf, int numLayers, int numDecoderLayers, int numHeads,
                       int relativeAttentionNumBuckets, int relativeAttentionMaxDistance, double layerNormEpsilon,
                       T5FeedForward feedForwardProj,
                       boolean tieWordEmbeddings, boolean scaleDecoderOutputs, int padTokenId, int eosTokenId, int decoderStartTokenId,
                       double initializerFactor)
        implements ModelConfig {

    public T5Config {
        Sizes.tokens("vocab_size", vocabSize, 1);
        Sizes.width("d_model", dModel, 1);
        Sizes.width("d_kv", dKv, 1);
        Sizes.width("d_ff", dFf, 1);
        Sizes.layers("num_layers", numLayers);
        Sizes.layers("num_decoder_layers", numDecoderLayers);
        Sizes.heads("num_heads", numHeads);
        Sizes.allHeads("num_heads", numHeads, "d_kv", dKv);
        Sizes.tokens("relative_attention_num_buckets", relativeAttentionNumBuckets, 1);
        if (relativeAttentionNumBuckets < 4 || relativeAttentionNumBuckets % 4 != 0) {
            throw new UserError("relative_attention_num_buckets must be a positive multiple of 4, since the encoder has as many for keys "
                    + "on either "
                    + "side and half of those for one distance each; was " + relativeAttentionNumBuckets);
        }
        if (relativeAttentionMaxDistance <= relativeAttentionNumBuckets / 2) {
            throw new UserError("relative_attention_max_distance must be above half of relative_attention_num_buckets, since so many "
                    + "distances have "
                    + "a bucket each; was " + relativeAttentionMaxDistance + " with relative_attention_num_buckets "
                    + relativeAttentionNumBuckets);
        }
        Sizes.positive("layer_norm_epsilon", layerNormEpsilon);
        Sizes.positive("initializer_factor", initializerFactor);
        token("pad_token_id", padTokenId, vocabSize);
        token("eos_token_id", eosTokenId, vocabSize);
        token("decoder_start_token_id", decoderStartTokenId, vocabSize);
    }

    /** The components by name, to be set; see {@link #with}. Each method is documented at the parameter of its name. */
    public interface Draft {

        Draft vocabSize(int value);

        Draft dModel(int value);

        Draft dKv(int value);

        Draft dFf(int value);

        Draft numLayers(int value);

        Draft numDecoderLayers(int value);

        Draft numHeads(int value);

        Draft relativeAttentionNumBuckets(int value);

        Draft relativeAttentionMaxDistance(int value);

        Draft layerNormEpsilon(double value);

        Draft feedForwardProj(T5FeedForward value);

        Draft tieWordEmbeddings(boolean value);

        Draft scaleDecoderOutputs(boolean value);

        Draft padTokenId(int value);

        Draft eosTokenId(int value);

        Draft decoderStartTokenId(int value);

        Draft initializerFactor(double value);
    }

    /** T5 small, as {@code T5Config} of Hugging Face has it by default. */
    public static T5Config defaults() {
        return Drafts.make(T5Config.class, Draft.class, c -> c.vocabSize(32_128).dModel(512).dKv(64).dFf(2048).numLayers(6)
                .numDecoderLayers(6).numHeads(8).relativeAttentionNumBuckets(32).relativeAttentionMaxDistance(128).layerNormEpsilon(1e-6)
                .feedForwardProj(T5FeedForward.RELU).tieWordEmbeddings(true).scaleDecoderOutputs(true).padTokenId(0).eosTokenId(1)
                .decoderStartTokenId(0).initializerFactor(1));
    }

    /** This configuration with what {@code change} sets. */
    public T5Config with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
    }

    @Override
    public int width() {
        return dModel;
    }

    @Override
    public String modelType() {
        return T5Family.MODEL_TYPE;
    }

    @Override
    public int layers() {
        return numLayers + numDecoderLayers;
    }

    @Override
    public String layersKey() {
        return "num_layers";
    }

    /**
     * No length is too long for relative positions; {@code n_positions} in files is no limit either, but the length the model was trained
     * with.
     */
    @Override
    public int contextLength() {
        return UNLIMITED;
    }

    @Override
    public String contextKey() {
        return "n_positions";
    }

    @Override
    public Optional<EncoderDecoderTokens> encoderDecoder() {
        return Optional.of(new EncoderDecoderTokens(eosTokenId, decoderStartTokenId, padTokenId));
    }

    /** H K. */
    int innerWidth() {
        return numHeads * dKv;
    }

    @Override
    public List<ModelPart> parts() {
        long d = dModel;
        long attention = 4 * d * innerWidth() + d; // q k v o and the norm before them
        long feedForward = (feedForwardProj.gated() ? 3 : 2) * d * dFf + d;
        long encoder = Math.multiplyExact(attention + feedForward, (long) numLayers);
        long decoder = Math.multiplyExact(2 * attention + feedForward, (long) numDecoderLayers);
        long biases = (long) relativeAttentionNumBuckets * numHeads;
        String width = ", d_model " + dModel;
        return List.of(ModelPart.tables("the table of tokens", "vocab_size " + vocabSize + width, tieWordEmbeddings ? 1 : 2, vocabSize, d),
                new ModelPart("the layers", "num_layers " + numLayers + ", num_decoder_layers " + numDecoderLayers + width + ", d_ff " + dFf
                        + ", num_heads " + numHeads + ", d_kv " + dKv, Math.addExact(encoder, decoder), d * Math.max(innerWidth(), dFf)),
                new ModelPart("the biases of relative positions", "relative_attention_num_buckets " + relativeAttentionNumBuckets
                + ", num_heads "
                        + numHeads, 2 * biases, biases),
                new ModelPart("the last norms", "d_model " + dModel, 2 * d, d));
    }

    private static void token(String key, int value, int vocabulary) {
        if (value < 0 || value >= vocabulary) {
            throw new UserError(key + " must be a token, from 0 to vocab_size - 1 = " + (vocabulary - 1) + ", was " + value);
        }
    }
}
