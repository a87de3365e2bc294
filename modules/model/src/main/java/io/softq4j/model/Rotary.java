package io.softq4j.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.UserError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rotary positions as {@code config.json} has them: since transformers 5 in an object {@code rope_parameters}, before in
 * {@code rope_scaling} and in fields of their own. What is given in several places must agree: the library takes the first of
 * {@code rope_scaling}, {@code rope_parameters}, the field and the default, its version 4 another, so that two values would be two models.
 *
 * @param theta   base of the frequencies
 * @param part    of each head that is turned
 * @param scaling how the frequencies are changed
 */
record Rotary(double theta, double part, RopeScaling scaling) {

    private static final String THETA = "rope_theta";
    private static final String PART = "partial_rotary_factor";
    private static final String ORIGINAL = "original_max_position_embeddings";

    /**
     * The fields of a family beside the objects.
     *
     * @param theta  the field of the base
     * @param part   the field of the part
     * @param absent the part where nothing says it
     */
    record Names(String theta, String part, double absent) {

        /** Those of most families. */
        static final Names USUAL = new Names(THETA, PART, 1);
    }

    /** @throws UserError if two places contradict each other, or the kind of scaling is not supported */
    static Rotary read(ConfigJson json, Names names) {
        List<ConfigJson> objects = Stream.of("rope_scaling", "rope_parameters").filter(json::says).map(key ->
                json.object(key).orElseThrow()).toList();
        objects.forEach(Rotary::requireFlat);
        double theta = agreed(json, objects, THETA, names.theta(), 10_000);
        double part = agreed(json, objects, PART, names.part(), names.absent());
        RopeScaling scaling = objects.isEmpty() ? new RopeScaling.None() : scaling(json, objects.get(0));
        for (ConfigJson object : objects) {
            if (!scaling(json, object).equals(scaling)) {
                throw json.error("rope_scaling and rope_parameters contradict each other: " + json.word("rope_scaling") + " and "
                        + json.word("rope_parameters") + ". Keep the one the model was trained with.");
            }
        }
        if (json.contains("rope_scaling") && !json.has("rope_scaling") && !(scaling instanceof RopeScaling.None)) {
            throw json.error("rope_scaling is null and rope_parameters is " + json.word("rope_parameters")
                    + ": transformers 4 reads the first and "
                    + "transformers 5 the second. Remove rope_scaling if the frequencies are scaled.");
        }
        return new Rotary(theta, part, scaling);
    }

    private static void requireFlat(ConfigJson object) {
        for (String key : object.names()) {
            if (object.isObject(key)) {
                throw object.error(key + " is " + object.word(key) + "; settings of rotary positions by type of layer are not supported.");
            }
        }
    }

    /**
     * A number that objects, a field of the family, and for a family with a name of its own the usual field too, may give. What the library
     * leaves unread must be what it computes with: the second object beside the first, and the usual field of a family with another.
     */
    private static double agreed(ConfigJson json, List<ConfigJson> objects, String key, String field, double absent) {
        Map<String, Double> given = new LinkedHashMap<>();
        objects.stream().filter(object -> object.has(key)).forEach(object -> given.put(object.path(key), object.number(key)));
        boolean unread = objects.size() == 2 && !objects.get(0).has(key) || given.isEmpty() && !field.equals(key);
        for (String name : List.of(field, key)) {
            if (json.has(name)) {
                given.put(name, json.number(name));
            }
        }
        if (unread && !json.has(field) && !given.isEmpty()) {
            given.put("the default of " + field, absent);
        }
        if (given.values().stream().distinct().count() > 1) {
            throw json.error(field + " is given twice with different values, " + given + ": keep the one the model was trained with.");
        }
        return given.values().stream().findFirst().orElse(absent);
    }

    private static RopeScaling scaling(ConfigJson json, ConfigJson object) {
        if (object.has("rope_type") && object.has("type") && !object.word("rope_type").equals(object.word("type"))) {
            throw object.error("rope_type is " + object.word("rope_type") + " and type, the older name of it, " + object.word("type")
                    + ": keep the one the model was trained with.");
        }
        String key = object.has("rope_type") ? "rope_type" : "type";
        try {
            return switch (object.text(key, "default")) {
                case "default" -> new RopeScaling.None();
                case "linear" -> new RopeScaling.Linear(object.number("factor"));
                case "llama3" -> new RopeScaling.Llama3(object.number("factor"), object.number("low_freq_factor"),
                        object.number("high_freq_factor"),
                        originalContext(json, object));
                default -> throw object.unsupported(key, "default, linear or llama3");
            };
        } catch (UserError e) {
            throw object.in(e);
        }
    }

    private static int originalContext(ConfigJson json, ConfigJson object) {
        if (json.has(ORIGINAL) && object.has(ORIGINAL) && json.integer(ORIGINAL) != object.integer(ORIGINAL)) {
            throw json.error(ORIGINAL + " is " + json.integer(ORIGINAL) + " and " + object.path(ORIGINAL) + " " + object.integer(ORIGINAL)
                    + ": keep the one the model was trained with.");
        }
        return Optional.of(object).filter(o -> o.has(ORIGINAL)).or(() -> Optional.of(json).filter(o -> o.has(ORIGINAL)))
                .map(o -> o.integer(ORIGINAL)).orElseGet(() -> json.integer("max_position_embeddings"));
    }

    /** Adds {@code rope_scaling}, where there is a scaling. */
    static void write(ObjectNode json, RopeScaling scaling) {
        if (scaling instanceof RopeScaling.Linear linear) {
            json.putObject("rope_scaling").put("rope_type", "linear").put("factor", linear.factor());
        } else if (scaling instanceof RopeScaling.Llama3 llama3) {
            json.putObject("rope_scaling").put("rope_type", "llama3").put("factor", llama3.factor()).put("low_freq_factor",
                    llama3.lowFreqFactor())
                    .put("high_freq_factor", llama3.highFreqFactor()).put(ORIGINAL, llama3.originalMaxPositionEmbeddings());
        }
    }
}
