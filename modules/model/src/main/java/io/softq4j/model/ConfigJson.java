package io.softq4j.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
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

/** {@code config.json} of a model directory, or an object in it. Its errors name the file, the key and the value. Null counts as absent. */
final class ConfigJson {

    /** In {@link #requireOnly}: the key must be absent. */
    static final String ABSENT = "null";

    private final Path file;
    private final String prefix;
    private final JsonNode json;

    private ConfigJson(Path file, String prefix, JsonNode json) {
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
            if (!json.isObject()) {
                throw new UserError(file + " must hold a JSON object, it holds " + Json.kind(json.asToken()) + ". Copy or download the file again.");
            }
            return new ConfigJson(file, "", json);
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
            throw error(key + (has(key) ? " must be a whole number of 32 bits, was " + json.get(key) : " is missing or not a whole number."));
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

    boolean flag(String key, boolean absent) {
        if (has(key) && !json.get(key).isBoolean()) {
            throw error(key + " must be true or false, was " + json.get(key));
        }
        return has(key) ? json.get(key).asBoolean() : absent;
    }

    /** The object at a key. */
    Optional<ConfigJson> object(String key) {
        if (has(key) && !json.get(key).isObject()) {
            throw error(key + " must be an object, was " + json.get(key));
        }
        return has(key) ? Optional.of(new ConfigJson(file, prefix + key + ".", json.get(key))) : Optional.empty();
    }

    /**
     * Refuses what would compute another model.
     *
     * @param fixed the only value a key may have where it is present: as text, a number as Java writes a double; {@link #ABSENT} for none
     */
    void requireOnly(Map<String, String> fixed) {
        fixed.forEach((key, value) -> {
            if (has(key) && !(json.get(key).isNumber() ? Double.toString(json.get(key).asDouble()) : json.get(key).asText()).equals(value)) {
                throw unsupported(key, value);
            }
        });
    }

    /** Refuses a list with anything else in it. */
    void requireAll(String key, String value) {
        for (JsonNode element : json.path(key)) {
            if (!element.asText().equals(value)) {
                throw error(key + " has " + element + ", only " + value + " is supported; another value would compute another model.");
            }
        }
    }

    /** Refuses any of the keys that says anything: null, false, an empty list and an empty object say nothing. */
    void requireNone(List<String> keys) {
        for (String key : keys) {
            JsonNode value = json.path(key);
            if (has(key) && !(value.isBoolean() && !value.asBoolean()) && !(value.isContainerNode() && value.isEmpty())) {
                throw error(key + " is " + value + ", which is not supported; without it another model would be computed.");
            }
        }
    }

    /** The texts of a list, or one text. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        (json.path(key).isArray() ? json.get(key) : List.of(json.path(key))).forEach(text -> texts.add(text.asText()));
        return texts;
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
