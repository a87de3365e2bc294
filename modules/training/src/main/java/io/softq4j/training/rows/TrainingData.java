package io.softq4j.training.rows;

import io.softq4j.model.EncoderDecoderTokens;
import java.util.Optional;

/**
 * What a run learns from.
 *
 * @param train          examples of the steps
 * @param eval           examples of the validation loss, if there are any
 * @param eosId          the id that ends a response
 * @param maxTokens      longest example in tokens, for models that read prompt and response as one; rows may hold less
 * @param encoderDecoder what the model adds to texts, where prompts go to an encoder
 */
public record TrainingData(ExampleSource train, Optional<ExampleSource> eval, int eosId, int maxTokens,
                           Optional<EncoderDecoderTokens> encoderDecoder) {

    /** For a model that reads prompt and response as one. */
    public TrainingData(ExampleSource train, Optional<ExampleSource> eval, int eosId) {
        this(train, eval, eosId, Integer.MAX_VALUE, Optional.empty());
    }

    /** The same for another model, one of encoder and decoder where there is such. */
    public TrainingData with(Optional<EncoderDecoderTokens> encoderDecoder) {
        return new TrainingData(train, eval, eosId, maxTokens, encoderDecoder);
    }

    /** The same with examples of so many tokens at most; what they have beyond is left out and counted. */
    public TrainingData within(int tokens) {
        return new TrainingData(train, eval, eosId, tokens, encoderDecoder);
    }

    /** Which rows form which step; where rows are packed, every example is read to know it. */
    public DataOrder order(RowSettings settings) {
        long rows = settings.packing() ? Packing.of(DataScan.of(train, collator(settings), "training data").lengths(), settings.maxLength()).rows()
                : train.size();
        return new DataOrder(rows, settings.rowsPerStep(), settings.seed());
    }

    /** What makes rows of its examples a batch. */
    public Collator collator(RowSettings settings) {
        return new Collator(eosId, settings.maxLength(), maxTokens, settings.bucketMultiple(), settings.packing(), encoderDecoder);
    }
}
