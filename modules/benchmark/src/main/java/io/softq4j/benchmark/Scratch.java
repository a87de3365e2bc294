package io.softq4j.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Temporary directories that hold one file. */
final class Scratch {

    private Scratch() {
    }

    /** Deletes a directory with its file, as far as they are there; {@code null} is none. */
    static void delete(Path directory, String file) {
        if (directory != null) {
            try {
                Files.deleteIfExists(directory.resolve(file));
                Files.deleteIfExists(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
