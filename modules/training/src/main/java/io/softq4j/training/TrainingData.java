package io.softq4j.training;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a run learns from.
 *
 * @param train          examples of the steps
 * @param eval           examples of the validation loss, if there are any
 * @param eosId          the id that ends a response
 * @param decoderStartId what the model's decoder begins with, where prompts go to an encoder
 */
public record TrainingData(ExampleSource train, Optional<ExampleSource> eval, int eosId, OptionalInt decoderStartId) {

    /** For a model that reads prompt and response as one. */
    public TrainingData(ExampleSource train, Optional<ExampleSource> eval, int eosId) {
        this(train, eval, eosId, OptionalInt.empty());
    }

    /** The same for another model, one of encoder and decoder where there is a {@code decoderStartId}. */
    public TrainingData with(OptionalInt decoderStartId) {
        return new TrainingData(train, eval, eosId, decoderStartId);
    }

    /** What makes rows of its examples a batch. */
    public Collator collator(TrainingConfig config) {
        return new Collator(eosId, config.maxLength(), config.bucketMultiple(), config.packing(), decoderStartId);
    }
}
