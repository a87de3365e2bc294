package io.softq4j.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softq4j.common.FaultyFiles.Then;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AtomicFilesTest {

    @TempDir
    Path parent;

    @ParameterizedTest
    @EnumSource(Then.class)
    void aFileIsOldOrNewWhicheverChangeFails(Then then) throws IOException {
        Path file = parent.resolve("f.txt");
        int failures = 0;
        for (int n = 1; ; n++) {
            AtomicFiles.writeString(file, "old");
            try {
                AtomicFiles.writeString(FaultyFiles.faulty(file, n, then), "new".repeat(10_000));
                break;
            } catch (UserError e) {
                assertTrue(e.getMessage().startsWith("cannot write " + file + ": No space left on device. What was there before is "
                        + "unchanged."),
                        e.getMessage());
            } catch (FaultyFiles.Killed e) {
                assertEquals(Then.KILLED, then);
            }
            failures++;
            String seen = Files.readString(file);
            assertTrue(seen.equals("old") || seen.equals("new".repeat(10_000)), seen);
        }
        assertEquals("new".repeat(10_000), Files.readString(file));
        assertTrue(failures >= 3, "only " + failures + " changes seen");
    }

    @Test
    void aLinkStaysALinkAndWhatItLeadsToIsWritten() throws IOException {
        Path real = Files.createDirectory(parent.resolve("real"));
        Path file = Files.createSymbolicLink(parent.resolve("f.txt"), Path.of("g.txt"));
        Files.createSymbolicLink(parent.resolve("g.txt"), Path.of("real/not-yet.txt"));
        AtomicFiles.writeString(file, "1");
        AtomicFiles.writeString(file, "2");
        assertTrue(Files.isSymbolicLink(file) && Files.isSymbolicLink(parent.resolve("g.txt")));
        assertEquals("2", Files.readString(real.resolve("not-yet.txt")));
        Path directory = Files.createSymbolicLink(parent.resolve("d"), Path.of("real/e"));
        for (String text : new String[] {"first", "second"}) {
            AtomicFiles.writeDirectory(directory, d -> fill(d, text));
            assertTrue(Files.isSymbolicLink(directory));
            assertEquals(whole(text), read(real.resolve("e")));
        }
        try (var left = Files.list(real)) {
            assertEquals(2, left.count(), "temporaries are left");
        }
        Files.createSymbolicLink(parent.resolve("round"), Path.of("round"));
        String message = assertThrows(UserError.class, () -> AtomicFiles.writeString(parent.resolve("round"), "x")).getMessage();
        assertTrue(message.contains("its symbolic links lead around in a circle"), message);
    }

    @Test
    void aDeviceOrPipeIsWrittenIntoAndStays() throws IOException, InterruptedException {
        Path nothing = Path.of("/dev/null");
        assumeTrue(Files.exists(nothing), "no such devices here");
        AtomicFiles.writeString(nothing, "gone");
        assertFalse(Files.isRegularFile(nothing));
        Path pipe = parent.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Path link = Files.createSymbolicLink(parent.resolve("link"), pipe);
        Process reader = new ProcessBuilder("cat", pipe.toString()).start();
        AtomicFiles.writeString(link, "through the pipe");
        assertEquals("through the pipe", new String(reader.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        assertFalse(Files.isRegularFile(pipe));
        assertTrue(Files.isSymbolicLink(link));
    }

    @ParameterizedTest
    @EnumSource(Then.class)
    void aDirectoryIsOldOrNewWhicheverChangeFails(Then then) throws IOException {
        Path directory = parent.resolve("d");
        int failures = 0;
        for (int n = 1; ; n++) {
            AtomicFiles.delete(directory);
            AtomicFiles.writeDirectory(directory, d -> fill(d, "old"));
            boolean failed = true;
            Path faulty = FaultyFiles.faulty(directory, n, then);
            try {
                AtomicFiles.writeDirectory(faulty, d -> fill(d, "new"));
                failed = false;
            } catch (UserError e) {
                assertTrue(e.getMessage().startsWith("cannot write " + directory + ": No space left on device."), e.getMessage());
                assertTrue(Files.exists(directory), "change " + n + " left no directory");
            } catch (FaultyFiles.Killed e) {
                assertEquals(Then.KILLED, then);
            }
            AtomicFiles.recover(directory);
            TreeMap<String, String> seen = read(directory);
            assertTrue(seen.equals(whole("old")) || seen.equals(whole("new")), "after change " + n + ": " + seen);
            failures += failed ? 1 : 0;
            if (!failed) {
                assertEquals(whole("new"), seen);
                // a fault that only hit the deletion of the old directory is no failure
                if (FaultyFiles.changes(faulty) < n) {
                    break;
                }
            }
        }
        assertTrue(failures >= 10, "only " + failures + " changes seen");
        AtomicFiles.writeDirectory(directory, d -> fill(d, "after"));
        assertEquals(whole("after"), read(directory));
        try (var left = Files.list(parent)) {
            assertEquals(1, left.count(), "temporaries are left");
        }
    }

    @Test
    void theOldDirectoryComesBackWhenTheNewOneCannotTakeItsPlace() throws IOException {
        Path directory = parent.resolve("d");
        AtomicFiles.writeDirectory(directory, d -> fill(d, "old"));
        UserError e = assertThrows(UserError.class, () -> AtomicFiles.writeDirectory(directory, d -> {
            Files.delete(d);
            throw new IOException("gone");
        }));
        assertTrue(e.getMessage().startsWith("cannot write " + directory + ": gone."), e.getMessage());
        assertEquals(whole("old"), read(directory));
    }

    @Test
    void theKernelsFullDiskIsOneMessage() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "Linux only");
        Path file = parent.resolve("f.txt");
        Files.writeString(file, "old");
        Files.createSymbolicLink(parent.resolve(".f.txt.tmp"), full);
        UserError e = assertThrows(UserError.class, () -> AtomicFiles.writeString(file, "new"));
        assertTrue(e.getMessage().startsWith("cannot write " + file + ": No space left on device"), e.getMessage());
        assertEquals("old", Files.readString(file));
        assertFalse(Files.exists(parent.resolve(".f.txt.tmp"), java.nio.file.LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void aParentThatIsALinkToADirectoryIsADirectory() throws IOException {
        Path link = Files.createSymbolicLink(parent.resolve("link"), Files.createDirectory(parent.resolve("real")));
        AtomicFiles.writeString(link.resolve("f.txt"), "text");
        assertEquals("text", Files.readString(parent.resolve("real/f.txt")));
    }

    @Test
    void aFileWhereADirectoryIsNeededIsNamed() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "x");
        String message = assertThrows(UserError.class, () -> AtomicFiles.writeString(file.resolve("f.txt"), "text")).getMessage();
        assertTrue(message.startsWith("cannot write " + file.resolve("f.txt") + ": " + file + " is in the way"), message);
    }

    private static void fill(Path directory, String text) throws IOException {
        AtomicFiles.writeString(directory.resolve("a"), text);
        Files.createDirectory(directory.resolve("sub"));
        AtomicFiles.writeString(directory.resolve("sub").resolve("b"), text);
    }

    private static TreeMap<String, String> whole(String text) {
        TreeMap<String, String> files = new TreeMap<>();
        files.put("a", text);
        files.put("sub/b", text);
        return files;
    }

    private static TreeMap<String, String> read(Path directory) throws IOException {
        TreeMap<String, String> files = new TreeMap<>();
        try (var walk = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) walk.filter(Files::isRegularFile)::iterator) {
                files.put(directory.relativize(file).toString(), Files.readString(file));
            }
        }
        return files;
    }
}
