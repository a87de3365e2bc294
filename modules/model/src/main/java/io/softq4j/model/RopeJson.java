package io.softq4j.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.UserError;
import java.util.Optional;

/** Rotary positions in {@code config.json}: {@code rope_scaling}, or, as newer versions write it, {@code rope_parameters}. */
final class RopeJson {

    private RopeJson() {
    }

    /** The object, under either name. */
    static Optional<ConfigJson> object(ConfigJson json) {
        return json.object("rope_parameters").or(() -> json.object("rope_scaling"));
    }

    static RopeScaling scaling(ConfigJson json) {
        return object(json).map(RopeJson::scalingOf).orElse(new RopeScaling.None());
    }

    private static RopeScaling scalingOf(ConfigJson json) {
        String key = json.has("rope_type") ? "rope_type" : "type"; // the older name
        try {
            return switch (json.text(key, "default")) {
                case "default" -> new RopeScaling.None();
                case "linear" -> new RopeScaling.Linear(json.number("factor"));
                case "llama3" -> new RopeScaling.Llama3(json.number("factor"), json.number("low_freq_factor"), json.number("high_freq_factor"),
                        json.integer("original_max_position_embeddings"));
                default -> throw json.unsupported(key, "default, linear or llama3");
            };
        } catch (UserError e) {
            throw json.in(e);
        }
    }

    /** Adds {@code rope_scaling}. */
    static void write(ObjectNode json, RopeScaling scaling) {
        if (scaling instanceof RopeScaling.Linear linear) {
            json.putObject("rope_scaling").put("rope_type", "linear").put("factor", linear.factor());
        } else if (scaling instanceof RopeScaling.Llama3 llama3) {
            json.putObject("rope_scaling").put("rope_type", "llama3").put("factor", llama3.factor()).put("low_freq_factor", llama3.lowFreqFactor())
                    .put("high_freq_factor", llama3.highFreqFactor())
                    .put("original_max_position_embeddings", llama3.originalMaxPositionEmbeddings());
        } else {
            json.putNull("rope_scaling");
        }
    }
}
