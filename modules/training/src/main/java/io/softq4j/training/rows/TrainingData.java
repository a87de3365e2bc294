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

    /**
     * What validations read; every example is read once.
     *
     * @param limit rows of a validation, spread evenly, if there are more; 0 is all
     * @throws io.softq4j.common.UserError if there are validation examples and none can be measured
     */
    public Optional<ValidationSource> validation(RowSettings settings, int limit) {
        Collator collator = collator(settings);
        return eval.map(examples -> new ValidationRows(DataScan.of(examples, collator, "validation data").rows(examples, settings), limit, collator,
                settings.rowsPerMicroBatch()));
    }

    /** What makes rows of its examples a batch. */
    public Collator collator(RowSettings settings) {
        return new Collator(eosId, settings.maxLength(), maxTokens, settings.bucketMultiple(), settings.packing(), encoderDecoder);
    }
}
