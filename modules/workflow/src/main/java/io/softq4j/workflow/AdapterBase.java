package io.softq4j.workflow;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.softq4j.common.Json;
import io.softq4j.common.Sha256;
import io.softq4j.common.UserError;
import io.softq4j.model.weights.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The model that adapters are trained on, known again by its weights: another model at the same path would resume a run without a word.
 *
 * @param directory where it is
 * @param sha256    of its weight files, by name
 */
record AdapterBase(Path directory, Map<String, String> sha256) {

    /** Where they are, beside adapters. */
    static final String FILE = "softq_base.json";

    private static final ObjectMapper JSON = Json.strict().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Reads all of the weights once. */
    static AdapterBase of(Path directory) {
        Map<String, String> sha256 = new TreeMap<>();
        try (WeightFiles weights = WeightFiles.open(directory)) {
            for (Path file : weights.files()) {
                sha256.put(file.getFileName().toString(), Sha256.of(file));
            }
        } catch (IOException e) {
            throw new UserError("cannot read the weights in " + directory + ": " + e.getMessage() + ". Check their permissions.", e);
        }
        return new AdapterBase(directory, sha256);
    }

    /** Writes {@code softq_base.json} beside adapters. */
    void write(Path checkpoint) throws IOException {
        Files.writeString(checkpoint.resolve(FILE), JSON.writeValueAsString(Map.of("sha256", sha256)) + "\n");
    }

    /** @throws UserError if the adapters of {@code checkpoint} were trained on other weights */
    void require(Path checkpoint) {
        Path file = checkpoint.resolve(FILE);
        if (!Files.exists(file)) {
            return; // not whole: its manifest says so
        }
        Map<String, Map<String, String>> before;
        try {
            before = JSON.readValue(file.toFile(), new TypeReference<>() { });
        } catch (IOException e) {
            throw new UserError(file + " is not what was written: " + Json.reason(e) + ". Delete " + checkpoint
                    + ": the run goes on from the one before.", e);
        }
        if (!sha256.equals(before.get("sha256"))) {
            throw new UserError(checkpoint + " holds adapters of the weights that " + directory + " had before: those of now have another sha256 than "
                    + file + " says. A resumed run continues bit for bit, so it needs the same: put the old weights back, or start a new run in "
                    + "another directory.");
        }
    }
}
