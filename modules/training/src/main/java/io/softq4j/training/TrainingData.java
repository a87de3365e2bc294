package io.softq4j.training;

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

    /** Number of updates of a run; where rows are packed and epochs counted, every example is read to know it. */
    public long totalSteps(TrainingConfig config) {
        if (config.maxSteps() > 0) {
            return config.maxSteps();
        }
        long rows = config.packing() ? Packing.of(DataScan.of(train, collator(config), "training data").lengths(), config.maxLength()).rows()
                : train.size();
        return config.totalSteps(new DataOrder(rows, config.rowsPerStep(), config.seed()));
    }

    /** What makes rows of its examples a batch. */
    public Collator collator(TrainingConfig config) {
        return new Collator(eosId, config.maxLength(), maxTokens, config.bucketMultiple(), config.packing(), encoderDecoder);
    }
}
