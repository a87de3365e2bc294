package io.softq4j.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.model.weights.OtherFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** {@code config.json} of a model directory, or an object in it. Its errors name the file, the key and the value. Null counts as absent. */
final class ConfigJson {

    private final Path file;
    private final String prefix;
    private final ObjectNode json;

    private ConfigJson(Path file, String prefix, ObjectNode json) {
        this.file = file;
        this.prefix = prefix;
        this.json = json;
    }

    /**
     * Reads it.
     *
     * @param path the file, or the directory it lies in
     * @throws UserError if there is none, or it is no JSON
     */
    static ConfigJson open(Path path) {
        Path file = Files.isRegularFile(path) ? path : path.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            throw new UserError("no model in " + path + ": it has no config.json. " + OtherFormats.advice(path)
                    .orElse("A finished run keeps its model in RUN/model, a checkpoint in RUN/checkpoint-STEP."));
        }
        return read(file);
    }

    /** A file that is there. @throws UserError if it is no JSON object */
    static ConfigJson read(Path file) {
        try {
            JsonNode json = Json.PYTHON.readTree(file.toFile());
            if (!(json instanceof ObjectNode object)) {
                throw new UserError(file + " must hold a JSON object, it holds " + Json.kind(json.asToken())
                        + ". Copy or download the file again.");
            }
            return new ConfigJson(file, "", object);
        } catch (JsonProcessingException e) {
            throw new UserError(file + " is not valid JSON: " + Json.reason(e) + ". Copy or download the file again.", e);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage() + ". Check its permissions.", e);
        }
    }

    /** The file it is from. */
    Path file() {
        return file;
    }

    boolean has(String key) {
        return json.hasNonNull(key);
    }

    /** Whether the key is there, be it with null. */
    boolean contains(String key) {
        return json.has(key);
    }

    /** The key as errors name it, with that of the object it lies in. */
    String path(String key) {
        return prefix + key;
    }

    String text(String key, String absent) {
        return has(key) ? json.get(key).asText() : absent;
    }

    int integer(String key) {
        if (!json.path(key).isIntegralNumber() || !json.get(key).canConvertToInt()) {
            throw error(key + (has(key) ? " must be a whole number of 32 bits, was " + json.get(key)
                    : " is missing or not a whole number."));
        }
        return json.get(key).asInt();
    }

    int integer(String key, int absent) {
        return has(key) ? integer(key) : absent;
    }

    double number(String key) {
        if (!json.path(key).isNumber() || !Double.isFinite(json.get(key).asDouble())) {
            throw error(key + (has(key) ? " must be a finite number, was " + json.get(key) : " is missing."));
        }
        return json.get(key).asDouble();
    }

    double number(String key, double absent) {
        return has(key) ? number(key) : absent;
    }

    /** Null is neither true nor false: versions of transformers differ in what they take it for. */
    boolean flag(String key, boolean absent) {
        if (contains(key) && !json.get(key).isBoolean()) {
            throw error(key + " must be true or false, was " + json.get(key));
        }
        return contains(key) ? json.get(key).asBoolean() : absent;
    }

    /** The object at a key. */
    Optional<ConfigJson> object(String key) {
        if (has(key) && !json.get(key).isObject()) {
            throw error(key + " must be an object, was " + json.get(key));
        }
        return has(key) ? Optional.of(new ConfigJson(file, prefix + key + ".", (ObjectNode) json.get(key))) : Optional.empty();
    }

    /**
     * The value of a field in a word: a number as Java writes a double, {@code null}, {@code empty} for an empty list or object, else its
     * text.
     */
    String word(String key) {
        JsonNode value = json.path(key);
        if (value.isContainerNode()) {
            return value.isEmpty() ? "empty" : value.toString();
        }
        return value.isNumber() ? Double.toString(value.asDouble()) : value.asText();
    }

    /** Whether a field says anything: null, false, an empty list and an empty object do not. */
    boolean says(String key) {
        JsonNode value = json.path(key);
        return has(key) && !(value.isBoolean() && !value.asBoolean()) && !(value.isContainerNode() && value.isEmpty());
    }

    /** Whether an object lies at a key. */
    boolean isObject(String key) {
        return json.path(key).isObject();
    }

    /** Names of all fields. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        json.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /**
     * Refuses a field that has another value than the only one that is supported.
     *
     * @param fixed field to value, as {@link #word} writes it
     */
    void requireOnly(Map<String, String> fixed) {
        fixed.forEach((key, value) -> {
            if (has(key) && !word(key).equals(value)) {
                throw unsupported(key, value);
            }
        });
    }

    /**
     * The same with the names of settings that have two: what stands under the second stands under the first too.
     *
     * @param names first to second name
     * @throws UserError if both are there and differ
     */
    ConfigJson named(Map<String, String> names) {
        ObjectNode copy = json.deepCopy();
        names.forEach((first, second) -> {
            if (contains(first) && contains(second) && !json.get(first).equals(json.get(second))) {
                throw error(first + " is " + json.get(first) + " and " + second + ", another name of it, " + json.get(second)
                        + ": keep the one the model was trained with.");
            }
            if (contains(second)) {
                copy.set(first, json.get(second));
            }
        });
        return new ConfigJson(file, prefix, copy);
    }

    /**
     * Refuses what is no list with a value for each layer: of one that is shorter or longer, nobody knows which layers it means.
     *
     * @param layers key of the number of layers
     */
    void requireOnePerLayer(String key, String layers) {
        if (has(key) && (!json.get(key).isArray() || json.get(key).size() != integer(layers))) {
            throw error(key + " must be a list with a value for each layer, was " + json.get(key) + " with " + layers + " "
                    + integer(layers)
                    + ". Likely one of them was edited and the other was not; delete " + key + " if every layer attends to all tokens.");
        }
    }

    /** Refuses a list with anything else in it. */
    void requireAll(String key, String value) {
        for (JsonNode element : json.path(key)) {
            if (!element.asText().equals(value)) {
                throw error(key + " has " + element + ", only " + value + " is supported; another value would compute another model.");
            }
        }
    }

    /** Whether a list has a text in it. */
    boolean lists(String key, String value) {
        return StreamSupport.stream(json.path(key).spliterator(), false).anyMatch(element -> element.asText().equals(value));
    }

    /** The values of a key's whole numbers: of a list each, else the one. */
    List<Integer> integers(String key) {
        List<Integer> values = new ArrayList<>();
        for (JsonNode value : json.path(key).isArray() ? json.get(key) : List.of(json.path(key))) {
            if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                throw error(key + " must be a whole number or a list of them, was " + json.get(key));
            }
            values.add(value.asInt());
        }
        return values;
    }

    /** Refuses any of the keys that says anything: null, false, an empty list and an empty object say nothing. */
    void requireNone(List<String> keys) {
        for (String key : keys) {
            if (says(key)) {
                throw error(key + " is " + json.get(key) + ", which is not supported; without it another model would be computed.");
            }
        }
    }

    UserError unsupported(String key, String supported) {
        return error(key + " is " + json.get(key) + ", only " + supported + " is supported; another value would compute another model.");
    }

    /** @param what begins with a key */
    UserError error(String what) {
        return new UserError(file + ": " + prefix + what);
    }

    /** The same in a file: an error of a size that does not name its file. */
    UserError in(UserError e) {
        return e.getMessage().startsWith(file.toString()) ? e : new UserError(file + ": " + prefix + e.getMessage(), e);
    }
}
