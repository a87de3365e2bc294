package io.softq4j.generation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a model is to be sampled by its own files: {@code generation_config.json}, or where there is none, as transformers does for old
 * models, the same fields of {@code config.json}.
 *
 * @param file   the one that was read
 * @param values the fields that {@link GenerationConfig} has, by their names; null is left out
 */
public record GenerationDefaults(Path file, ObjectNode values) {

    /** The fields that are settings here. */
    private static final Set<String> SETTINGS = Arrays.stream(GenerationConfig.class.getRecordComponents())
            .map(c -> c.getName().replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT)).filter(key -> !Set.of("batch_size",
            "seed", "calculator").contains(key))
            .collect(Collectors.toUnmodifiableSet());

    /** Fields that hold a list, and may hold its one element instead. */
    private static final Set<String> LISTS = Set.of("forced_eos_token_id", "stop_strings");

    /** Fields that would change what is generated and are not supported, with the value that changes nothing. Also null changes nothing. */
    private static final Map<String, String> UNSUPPORTED = Map.ofEntries(Map.entry("max_time", "null"), Map.entry("guidance_scale", "1"),
            Map.entry("watermarking_config", "null"), Map.entry("token_healing", "false"), Map.entry("penalty_alpha", "0"),
            Map.entry("dola_layers", "null"), Map.entry("diversity_penalty", "0"), Map.entry("num_beam_groups", "1"),
            Map.entry("constraints", "null"),
            Map.entry("force_words_ids", "null"), Map.entry("encoder_repetition_penalty", "1"), Map.entry("encoder_no_repeat_ngram_size",
            "0"),
            Map.entry("sequence_bias", "null"), Map.entry("top_h", "1"), Map.entry("assistant_ensemble_weight", "null"),
            Map.entry("low_memory", "false"));

    /**
     * Reads them.
     *
     * @param candidates the file to read is the first that exists: generation_config.json, then config.json
     * @return empty if there is none of them
     * @throws UserError if it is no JSON object, or has a field that is not supported and would change what is generated
     */
    public static Optional<GenerationDefaults> read(List<Path> candidates) {
        return candidates.stream().filter(Files::exists).findFirst().map(GenerationDefaults::read);
    }

    private static GenerationDefaults read(Path file) {
        JsonNode json = json(file);
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        List<String> wrong = new ArrayList<>();
        json.properties().forEach(field -> {
            String key = field.getKey();
            JsonNode value = field.getValue();
            if (value.isNull()) {
                return;
            }
            if (SETTINGS.contains(key)) {
                values.set(key, LISTS.contains(key) && !value.isArray() ? JsonNodeFactory.instance.arrayNode().add(value) : value);
            } else if (UNSUPPORTED.containsKey(key) && !changesNothing(value, UNSUPPORTED.get(key))) {
                wrong.add(key + " " + value);
            }
        });
        if (!wrong.isEmpty()) {
            throw new UserError(file + " asks for what is not supported and would change what is generated: " + String.join(", ", wrong)
                    + ". Take it out of the file to generate without");
        }
        return new GenerationDefaults(file, values);
    }

    private static boolean changesNothing(JsonNode value, String neutral) {
        return value.isNumber() && neutral.matches("[01]") ? value.doubleValue() == Integer.parseInt(neutral)
                : value.isBoolean() ? value.asText().equals(neutral) : value.isContainerNode() && value.isEmpty();
    }

    private static JsonNode json(Path file) {
        JsonNode json;
        try {
            json = Json.PYTHON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UserError(file + " is not valid JSON: " + Json.reason(e), e);
        }
        if (!json.isObject()) {
            throw new UserError(file + " is not a JSON object");
        }
        return json;
    }
}
