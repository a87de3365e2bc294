package io.softq4j.model;

import java.util.List;

/**
 * A supported model is a kind of model that can be loaded, trained and saved, described for people.
 *
 * @param modelType    {@code model_type} of {@code config.json}
 * @param architecture what {@code architectures} calls it
 * @param covers       the published models of this kind
 * @param paper        where it is described
 * @param supports     which of its options can be computed here
 */
public record SupportedModel(String modelType, String architecture, String covers, String paper, String supports) {

    /** All of them. */
    public static List<SupportedModel> all() {
        return Family.kinds().stream().map(Family.Kind::model).toList();
    }

    /** The kind a model is of. */
    public static SupportedModel of(ModelConfig config) {
        return all().stream().filter(model -> model.modelType().equals(config.modelType())).findFirst().orElseThrow();
    }
}
