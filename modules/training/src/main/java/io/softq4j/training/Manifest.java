package io.softq4j.training;

import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * {@code manifest.json}: size and sha256 of every other file of a directory, so that a reader knows that it is whole.
 *
 * @param files by path relative to the directory
 */
record Manifest(SortedMap<String, Entry> files) {

    static final String FILE = "manifest.json";

    Manifest {
        if (files == null || files.isEmpty() || files.containsValue(null)) {
            throw new IllegalArgumentException("no files");
        }
    }

    /**
     * @param bytes  size of the file
     * @param sha256 of its bytes
     */
    record Entry(long bytes, String sha256) {
    }

    /** Writes the manifest of what {@code directory} holds. */
    static void write(Path directory) throws IOException {
        SortedMap<String, Entry> files = new TreeMap<>();
        for (Path file : files(directory)) {
            files.put(directory.relativize(file).toString().replace('\\', '/'), new Entry(Files.size(file), Sha256.of(file)));
        }
        Files.writeString(directory.resolve(FILE), Json.PRETTY.writeValueAsString(new Manifest(files)) + "\n");
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(Files::isRegularFile).toList();
        }
    }

    /**
     * Compares every file with the manifest.
     *
     * @throws UserError naming the first file that is missing or differs
     */
    static void verify(Path directory) {
        Path file = directory.resolve(FILE);
        Manifest manifest;
        try {
            manifest = Json.MAPPER.readValue(Files.readString(file), Manifest.class);
        } catch (IOException e) {
            throw broken(file, Files.exists(file) ? "it is not a manifest" : "it is missing", e);
        }
        for (var expected : manifest.files.entrySet()) {
            verify(directory.resolve(expected.getKey()), expected.getValue());
        }
    }

    private static void verify(Path file, Entry expected) {
        try {
            if (!Files.isRegularFile(file)) {
                throw broken(file, "it is missing", null);
            }
            if (Files.size(file) != expected.bytes) {
                throw broken(file, "it has " + Files.size(file) + " bytes, " + expected.bytes + " were written", null);
            }
            String seen = Sha256.of(file);
            if (!seen.equals(expected.sha256)) {
                throw broken(file, "its sha256 is " + seen + ", " + expected.sha256 + " was written", null);
            }
        } catch (IOException e) {
            throw broken(file, e.getMessage(), e);
        }
    }

    private static UserError broken(Path file, String what, Throwable cause) {
        return new UserError("the checkpoint is broken at " + file + ": " + what
                + ". The file was changed, deleted or damaged after it was saved."
                + " Restore it, or delete the checkpoint to use the one before.", cause);
    }
}
