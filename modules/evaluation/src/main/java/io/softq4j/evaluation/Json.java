package io.softq4j.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reports as JSON: snake_case, two spaces, {@code \n} on every platform, nothing unknown, nothing missing silently. */
final class Json {

    private static final ObjectMapper MAPPER = io.softq4j.common.Json.strict()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .serializationInclusion(JsonInclude.Include.ALWAYS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .defaultPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")))
            .build();

    private Json() {
    }

    static String write(Object report) {
        try {
            return MAPPER.writeValueAsString(report) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report is always writable", e);
        }
    }

    /** @param what it should be, for the error: with its article */
    static <T> T parse(String json, Class<T> type, String what) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new UserError("this is not " + what + ": " + io.softq4j.common.Json.reason(e)
                    + ". It was changed by hand or written by another version: evaluate again.", e);
        }
    }

    /** @param what it should be, for the error: with its article */
    static <T> T read(Path file, Class<T> type, String what) {
        try {
            return MAPPER.readValue(Files.readAllBytes(file), type);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
            throw new UserError(file + ":" + line + ": this is not " + what + ": " + io.softq4j.common.Json.reason(e)
                    + ". It was changed by hand or written by another version: evaluate again.", e);
        } catch (NoSuchFileException e) {
            throw new UserError("no such file: " + file + ". Check the path, or evaluate first.", e);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage() + ". Check its permissions.", e);
        }
    }
}
