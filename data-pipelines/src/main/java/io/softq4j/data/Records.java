package io.softq4j.data;

import io.softq4j.common.UserError;
import io.softq4j.tokens.PromptTemplate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Reads a corpus for evaluation and generation: the same rows, fields and templates as preparation. Every row must be readable. */
public final class Records {

    private Records() {
    }

    /**
     * Prompts and responses in the order of the file; close the stream. Rows are read as they are asked for.
     *
     * @throws UserError if the file is missing or empty; while reading, a {@link RowError} names the line
     */
    public static Stream<RenderedRecord> read(Path file, DataConfig data) {
        return read(file, data.promptTemplate(), data.responseTemplate());
    }

    /** As {@link #read(Path, DataConfig)} for rows that may have no response; {@link RenderedRecord#response} is null. */
    public static Stream<RenderedRecord> prompts(Path file, DataConfig data) {
        return read(file, data.promptTemplate(), null);
    }

    private static Stream<RenderedRecord> read(Path file, PromptTemplate prompt, PromptTemplate response) {
        Set<String> fields = new LinkedHashSet<>(prompt.fields());
        if (response != null) {
            fields.addAll(response.fields());
        }
        JsonLines lines = new JsonLines(open(file), file.toString(), new ArrayList<>(fields));
        JsonRow first = lines.next();
        if (first == null) {
            close(lines, file);
            throw noRows(file);
        }
        return Stream.iterate(first, row -> row != null, row -> lines.next())
                .map(row -> render(row, fields, prompt, response))
                .onClose(() -> close(lines, file));
    }

    private static RenderedRecord render(JsonRow row, Set<String> fields, PromptTemplate prompt, PromptTemplate response) {
        Map<String, String> record = new LinkedHashMap<>();
        fields.forEach(field -> record.put(field, row.text(field)));
        return new RenderedRecord(prompt.render(record), response == null ? null : response.render(record), row.allFields(), row.line());
    }

    /** Opens a corpus file. */
    static InputStream open(Path file) {
        requireFile(file);
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    static void requireFile(Path file) {
        if (!Files.exists(file)) {
            throw new UserError("there is no file " + file + " (from " + Path.of("").toAbsolutePath()
                    + "); expected a JSON Lines file, one object a line");
        }
        if (!Files.isRegularFile(file)) {
            throw new UserError(file + " is a directory; expected a JSON Lines file, one object a line");
        }
        if (!Files.isReadable(file)) {
            throw new UserError(file + " cannot be read: permission denied");
        }
    }

    static UserError noRows(Path file) {
        return new UserError(file + " has no rows; expected a JSON Lines file, one object a line");
    }

    private static void close(JsonLines lines, Path file) {
        try {
            lines.close();
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
