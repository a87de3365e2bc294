package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of the source tree that are made from code. A test compares each with what the code makes now, or, asked to, writes it. */
final class Made {

    private Made() {
    }

    /**
     * Fails if a file is not what the code makes; with the system property {@code softq.update} writes it instead.
     *
     * @param test the class of the test, for the message
     */
    static void assertUpToDate(Path file, String made, Class<?> test) throws IOException {
        if (Boolean.getBoolean("softq.update")) {
            Files.writeString(file, made);
        }
        assertEquals(made, Files.readString(file), file
                + " is not what the code makes. Write it with: mvn -q test -pl modules/cli -am -Dtest="
                + test.getSimpleName() + " -Dsurefire.failIfNoSpecifiedTests=false -Dsoftq.update=true");
    }
}
