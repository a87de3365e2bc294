package io.softq4j.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesCrashTest {

    @TempDir
    Path home;

    @Test
    void aFileIsReplacedWholeAndNothingIsLeftBeside() throws IOException {
        Path file = home.resolve("deep/er/a.txt");
        AtomicFiles.writeString(file, "one");
        AtomicFiles.writeString(file, "two");
        assertEquals("two", Files.readString(file));
        assertEquals(List.of("a.txt"), names(file.getParent()));
    }

    @Test
    void aFailedWriteLeavesTheOldFile() throws IOException {
        Path file = home.resolve("a.txt");
        AtomicFiles.writeString(file, "one");
        UserError error = assertThrows(UserError.class, () -> AtomicFiles.write(file, out -> {
            out.write('x');
            throw new IOException("No space left on device");
        }));
        assertTrue(error.getMessage().startsWith("cannot write " + file + ": No space left on device. What was there before is unchanged."),
                error.getMessage());
        assertEquals("one", Files.readString(file));
        assertEquals(List.of("a.txt"), names(home));
    }

    @Test
    void aFullDiskIsOneUserError() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full));
        UserError error = assertThrows(UserError.class, () -> AtomicFiles.write(home.resolve("a.txt"), out -> {
            try (var device = Files.newOutputStream(full)) {
                device.write(1);
            }
        }));
        assertTrue(error.getMessage().contains("No space left on device"), error.getMessage());
        assertTrue(error.getMessage().contains("Check free space"), error.getMessage());
    }

    @Test
    void aDirectoryHoldsExactlyWhatTheLastWriterPut() throws IOException {
        Path directory = home.resolve("d");
        AtomicFiles.writeDirectory(directory, d -> {
            Files.writeString(d.resolve("a"), "1");
            Files.createDirectory(d.resolve("sub"));
            Files.writeString(d.resolve("sub/b"), "2");
        });
        AtomicFiles.writeDirectory(directory, d -> Files.writeString(d.resolve("c"), "3"));
        assertEquals(List.of("c"), names(directory));
        assertEquals(List.of("d"), names(home));
    }

    @Test
    void aFailedDirectoryWriteLeavesTheOldOneWhateverIsThrown() throws IOException {
        Path directory = home.resolve("d");
        AtomicFiles.writeDirectory(directory, d -> Files.writeString(d.resolve("a"), "1"));
        UserError unchecked = assertThrows(UserError.class, () -> AtomicFiles.writeDirectory(directory, d -> {
            throw new UncheckedIOException(new NoSuchFileException("gone"));
        }));
        assertTrue(unchecked.getMessage().contains("gone does not exist"), unchecked.getMessage());
        assertThrows(IllegalStateException.class, () -> AtomicFiles.writeDirectory(directory, d -> {
            Files.writeString(d.resolve("b"), "half");
            throw new IllegalStateException("ours");
        }));
        assertEquals(List.of("a"), names(directory));
        assertEquals(List.of("d"), names(home));
    }

    @Test
    void aFileInThePlaceOfADirectoryIsNotReplaced() throws IOException {
        Path file = Files.writeString(home.resolve("notes.txt"), "mine");
        UserError error = assertThrows(UserError.class, () -> AtomicFiles.writeDirectory(file, d -> { }));
        assertTrue(error.getMessage().contains("it is a file, a directory is needed"), error.getMessage());
        assertEquals("mine", Files.readString(file));
    }

    @Test
    void aKillBetweenTheTwoRenamesIsUndone() throws IOException {
        Path directory = home.resolve("d");
        Files.createDirectory(home.resolve(".d.old"));
        Files.writeString(home.resolve(".d.old/a"), "old");
        AtomicFiles.recover(directory);
        assertEquals("old", Files.readString(directory.resolve("a")));
        assertEquals(List.of("d"), names(home));
    }

    @Test
    void aKillBeforeTheLastDeletionIsFinished() throws IOException {
        Path directory = Files.createDirectory(home.resolve("d"));
        Files.createDirectory(home.resolve(".d.old"));
        AtomicFiles.recover(directory);
        assertEquals(List.of("d"), names(home));
    }

    @Test
    void whatAKilledWriterLeftIsReplacedByTheNext() throws IOException {
        Files.createDirectory(home.resolve(".d.tmp"));
        Files.writeString(home.resolve(".d.tmp/half"), "x");
        AtomicFiles.writeDirectory(home.resolve("d"), d -> Files.writeString(d.resolve("a"), "1"));
        assertEquals(List.of("a"), names(home.resolve("d")));
        assertEquals(List.of("d"), names(home));
    }

    /** Kills a real process that rewrites a directory for ever; whatever moment is hit, the directory is one whole version. */
    @Test
    void aProcessKilledAtAnyMomentLeavesOneWholeVersion() throws Exception {
        Path directory = home.resolve("d");
        for (int round = 0; round < 6; round++) {
            AtomicFiles.delete(directory);
            Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-cp",
                    System.getProperty("java.class.path"), Rewriter.class.getName(), directory.toString()).inheritIO().start();
            for (int waited = 0; !Files.exists(directory) && waited < 1000; waited++) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            TimeUnit.MICROSECONDS.sleep(3_000 + 7_919 * round);
            process.destroyForcibly().waitFor();
            AtomicFiles.recover(directory);
            String version = Files.readString(directory.resolve("file0"));
            for (int i = 0; i < Rewriter.FILES; i++) {
                assertEquals(version, Files.readString(directory.resolve("file" + i)));
            }
            assertFalse(Files.exists(home.resolve(".d.old")));
        }
    }

    /** The process that is killed. */
    static final class Rewriter {
        static final int FILES = 5;

        public static void main(String[] arguments) {
            for (int version = 0; ; version++) {
                String text = ("version " + version + "\n").repeat(1000);
                AtomicFiles.writeDirectory(Path.of(arguments[0]), d -> {
                    for (int i = 0; i < FILES; i++) {
                        Files.writeString(d.resolve("file" + i), text);
                    }
                });
            }
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
