package io.softq4j.generation;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * This record holds the tokens that begin and end a text according to a model directory. Each comes from {@code generation_config.json},
 * or from {@code config.json} if the former does not name it.
 *
 * @param bosId  {@code bos_token_id}
 * @param eosIds {@code eos_token_id}, a number or a list of several
 */
public record SpecialTokens(OptionalInt bosId, Set<Integer> eosIds) {

    /**
     * Reads them; what neither file names is missing.
     *
     * @param vocabulary number of tokens
     * @throws UserError if a file is no JSON, or an id is not one of the vocabulary
     */
    public static SpecialTokens read(Path directory, int vocabulary) {
        return read(List.of(directory.resolve("generation_config.json"), directory.resolve("config.json")), vocabulary);
    }

    /** As {@link #read(Path, int)}, from the first of {@code files} that names a token; they need not be there. */
    public static SpecialTokens read(List<Path> files, int vocabulary) {
        Map<String, JsonNode> contents = new LinkedHashMap<>();
        files.stream().filter(Files::exists).forEach(file -> contents.put(file.toString(), json(file)));
        return of(contents, vocabulary);
    }

    /** The same of what such files hold, by their names. */
    public static SpecialTokens of(Map<String, JsonNode> files, int vocabulary) {
        Set<Integer> bos = ids(files, "bos_token_id", vocabulary);
        return new SpecialTokens(bos.isEmpty() ? OptionalInt.empty() : OptionalInt.of(bos.iterator().next()),
                ids(files, "eos_token_id", vocabulary));
    }

    private static Set<Integer> ids(Map<String, JsonNode> files, String key, int vocabulary) {
        for (Map.Entry<String, JsonNode> file : files.entrySet()) {
            JsonNode value = file.getValue().path(key);
            if (!value.isMissingNode() && !value.isNull()) {
                Set<Integer> ids = new LinkedHashSet<>();
                for (JsonNode each : value.isArray() ? value : Json.PYTHON.createArrayNode().add(value)) {
                    if (!each.isIntegralNumber() || !each.canConvertToInt() || each.intValue() < 0 || each.intValue() >= vocabulary) {
                        throw new UserError(file.getKey() + ": " + key + " is " + value + "; each id must be a whole number from 0 to "
                                + (vocabulary - 1)
                                + ", the last token of the model. Likely the file belongs to another model");
                    }
                    ids.add(each.intValue());
                }
                return ids;
            }
        }
        return Set.of();
    }

    /**
     * A file of them as it is.
     *
     * @throws UserError if it is no JSON
     */
    public static JsonNode json(Path file) {
        try {
            return Json.PYTHON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UserError(file + " is not valid JSON: " + Json.reason(e), e);
        }
    }
}
