package io.softq4j.common;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * {@code manifest.json}: size and sha256 of every other file of a directory, so that a reader knows that it is whole.
 *
 * @param files by path relative to the directory
 */
public record FileManifest(SortedMap<String, Entry> files) {

    /** What it is called. */
    public static final String FILE = "manifest.json";

    public FileManifest {
        if (files == null || files.isEmpty() || files.containsValue(null)) {
            throw new IllegalArgumentException("no files");
        }
    }

    /**
     * One file.
     *
     * @param bytes  its size
     * @param sha256 of its bytes
     */
    public record Entry(long bytes, String sha256) {
    }

    /** Writes the manifest of what {@code directory} holds. */
    public static void write(Path directory) throws IOException {
        SortedMap<String, Entry> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                files.put(directory.relativize(file).toString().replace('\\', '/'), new Entry(Files.size(file), Sha256.of(file)));
            }
        }
        Files.writeString(directory.resolve(FILE),
                Json.pretty(new FileManifest(files)));
    }

    /**
     * The manifest of a directory.
     *
     * @throws IOException if it cannot be read or is none
     */
    public static FileManifest read(Path directory) throws IOException {
        return Json.STRICT.readValue(Files.readString(directory.resolve(FILE)), FileManifest.class);
    }

    /** Files of a directory that were not written with it, in the order of their names. */
    public List<String> strangers(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(file -> !Files.isDirectory(file)).map(file -> directory.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !name.equals(FILE) && !files.containsKey(name)).sorted().toList();
        }
    }

    /** All files of which the directory holds others, in the order of their names, each with what is wrong about it. */
    public Map<String, String> faults(Path directory) {
        Map<String, String> faults = new TreeMap<>();
        files.keySet().forEach(name -> fault(directory, name).ifPresent(what -> faults.put(name, what)));
        return faults;
    }

    /** What is wrong about one file; nothing where it is as it was written. */
    public Optional<String> fault(Path directory, String name) {
        Path file = directory.resolve(name);
        Entry expected = Objects.requireNonNull(files.get(name), name);
        try {
            if (!Files.isRegularFile(file)) {
                return Optional.of("it is missing");
            }
            if (Files.size(file) != expected.bytes) {
                return Optional.of("it has " + Files.size(file) + " bytes, " + expected.bytes + " were written");
            }
            String seen = Sha256.of(file);
            return seen.equals(expected.sha256) ? Optional.empty() : Optional.of("its sha256 is " + seen + ", " + expected.sha256
                    + " was written");
        } catch (IOException e) {
            return Optional.of("it cannot be read: " + e.getMessage());
        }
    }
}
