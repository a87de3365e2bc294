package io.softq4j.workflow;

import io.softq4j.common.Sha256;
import io.softq4j.common.UserError;
import io.softq4j.evaluation.Origin;
import io.softq4j.model.AdapterConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which model a report is of: the hash of what {@code sha256sum} prints of the files that decide what it writes, in the order of their names; of an
 * adapter, of those of the model it belongs to as well.
 */
final class ModelOrigin {

    private static final Pattern DECIDES = Pattern.compile(".*\\.safetensors|(adapter_|generation_|tokenizer_)?config\\.json|tokenizer\\.json"
            + "|special_tokens_map\\.json|chat_template\\.jinja");

    private ModelOrigin() {
    }

    /** Of the model or adapter in a directory, as {@link ModelDirectory#find} gives it. */
    static Origin of(Path directory) {
        StringBuilder sums = new StringBuilder();
        add(sums, directory);
        if (AdapterConfig.isIn(directory)) {
            add(sums, ModelDirectory.base(directory));
        }
        return new Origin(directory.toString(), Sha256.of(sums.toString()));
    }

    private static void add(StringBuilder sums, Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> own = files.filter(file -> DECIDES.matcher(file.getFileName().toString()).matches()).sorted().toList();
            for (Path file : own) {
                sums.append(Sha256.of(file)).append("  ").append(file.getFileName()).append('\n');
            }
        } catch (IOException e) {
            throw new UserError("cannot read " + directory + ": " + e.getMessage() + ". Check its permissions.", e);
        }
    }
}
