package io.softq4j.training.rows;

import io.softq4j.model.EncoderDecoderTokens;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a run learns from.
 *
 * @param train          examples of the steps
 * @param eval           examples of validation losses by the name of their set, in their order; the name of the one without is empty
 * @param eosId          the id that ends a response
 * @param maxTokens      longest example in tokens, for models that read prompt and response as one; rows may hold less
 * @param encoderDecoder what the model adds to texts, where prompts go to an encoder
 */
public record TrainingData(ExampleSource train, Map<String, ExampleSource> eval, int eosId, int maxTokens,
                           Optional<EncoderDecoderTokens> encoderDecoder) {

    public TrainingData {
        eval = Collections.unmodifiableMap(new LinkedHashMap<>(eval));
    }

    /** For a model that reads prompt and response as one, with one set of validation examples or none. */
    public TrainingData(ExampleSource train, Optional<ExampleSource> eval, int eosId) {
        this(train, eval.map(examples -> Map.of("", examples)).orElse(Map.of()), eosId);
    }

    /** For a model that reads prompt and response as one, with several sets. */
    public TrainingData(ExampleSource train, Map<String, ExampleSource> eval, int eosId) {
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

    /** {@link #validations} of the set without a name, drawn by the seed of the order of the rows. */
    public Optional<ValidationSource> validation(RowSettings settings, int limit) {
        return Optional.ofNullable(validations(settings, limit, settings.seed()).get(""));
    }

    /**
     * What validations read; every example is read once.
     *
     * @param limit rows of each set that a validation reads, drawn by {@code seed} and the same at every validation, if there are more; 0 is all
     * @return by the name of the set
     * @throws io.softq4j.common.UserError if a set has examples and none can be measured
     */
    public Map<String, ValidationSource> validations(RowSettings settings, int limit, long seed) {
        Collator collator = collator(settings);
        Map<String, ValidationSource> sets = new LinkedHashMap<>();
        eval.forEach((name, examples) -> sets.put(name, new ValidationRows(DataScan.of(examples, collator, "validation data"
                + (name.isEmpty() ? "" : " " + name)).rows(examples, settings), limit, seed, collator, settings.rowsPerMicroBatch())));
        return sets;
    }

    /** What makes rows of its examples a batch. */
    public Collator collator(RowSettings settings) {
        return new Collator(eosId, settings.maxLength(), maxTokens, settings.bucketMultiple(), settings.packing(), encoderDecoder);
    }
}
