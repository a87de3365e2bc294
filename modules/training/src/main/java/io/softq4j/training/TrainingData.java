package io.softq4j.training;

import java.util.Optional;

/**
 * What a run learns from.
 *
 * @param train examples of the steps
 * @param eval  examples of the validation loss, if there are any
 * @param eosId the id that ends a response
 */
public record TrainingData(ExampleSource train, Optional<ExampleSource> eval, int eosId) {
}
