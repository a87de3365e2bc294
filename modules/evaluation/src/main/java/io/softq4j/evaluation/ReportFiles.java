package io.softq4j.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reports as JSON: snake_case, two spaces, {@code \n} on every platform, nothing unknown, nothing missing silently. */
final class ReportFiles {

    private static final JsonMapper MAPPER = Json.records().serializationInclusion(JsonInclude.Include.ALWAYS).build();

    private ReportFiles() {
    }

    static String write(Object report) {
        return Json.pretty(MAPPER, report);
    }

    /** @param what it should be, for the error: with its article */
    static <T> T parse(String json, Class<T> type, String what) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new UserError("this is not " + what + ": " + Json.reason(e)
                    + ". It was changed by hand or written by another version: evaluate again.", e);
        }
    }

    /** @param what it should be, for the error: with its article */
    static <T> T read(Path file, Class<T> type, String what) {
        try {
            return MAPPER.readValue(Files.readAllBytes(file), type);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
            throw new UserError(file + ":" + line + ": this is not " + what + ": " + Json.reason(e)
                    + ". It was changed by hand or written by another version: evaluate again.", e);
        } catch (NoSuchFileException e) {
            throw new UserError("no such file: " + file + ". Check the path, or evaluate first.", e);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage() + ". Check its permissions.", e);
        }
    }
}
