package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softq4j.common.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full: a file system of a few pages in memory, mounted in a mount namespace of the command's own, which ends with it. What the
 * command leaves on it is copied to {@code left}.
 */
class FullDiskTest {

    private static final int PAGE = 4096;
    private static final Path TINY = TinyRun.directory();

    @TempDir
    private Path directory;

    @BeforeAll
    static void mountingIsPossible() throws IOException, InterruptedException {
        int code;
        try {
            Path place = Files.createTempDirectory("softq-mount");
            code = new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", place.toString()).start().waitFor();
            Files.delete(place);
        } catch (IOException noSuchProgram) {
            code = 127;
        }
        assumeTrue(code == 0, "this system lets no user mount a small file system (unshare -rm mount, exit code " + code + ")");
    }

    private Launcher.Result run(int pages, String... arguments) throws IOException {
        Files.createDirectories(directory.resolve("disk"));
        Path script = Files.writeString(directory.resolve("softq-on-a-small-disk"), String.format(Locale.ROOT, """
                #!/bin/sh
                exec unshare -rm sh -c 'mount -t tmpfs -o size=%dk tmpfs disk && { "%s" "$@"; code=$?; cp -r disk left; exit $code; }' sh "$@"
                """, pages * PAGE / 1024, Launcher.file()));
        assertTrue(script.toFile().setExecutable(true));
        return TinyRun.in(directory).at(script).run(arguments);
    }

    private List<String> left() throws IOException {
        try (Stream<Path> walk = Files.walk(directory.resolve("left"))) {
            return walk.filter(Files::isRegularFile).map(path -> directory.resolve("left").relativize(path).toString()).sorted().toList();
        }
    }

    private static void assertOneMessage(Launcher.Result result, String beginning) {
        assertEquals(2, result.code(), result.toString());
        String error = result.err().substring(Math.max(0, result.err().indexOf("softq: error: ")));
        assertTrue(error.startsWith("softq: error: " + beginning), result.err());
        assertTrue(error.contains("No space left on device") && error.contains("Check free space (df -h)"), error);
        assertEquals(1, error.lines().count(), error);
    }

    private static int pages(Path tree) throws IOException {
        try (Stream<Path> walk = Files.walk(tree)) {
            return walk.filter(Files::isRegularFile).mapToInt(file -> (int) ((file.toFile().length() + PAGE - 1) / PAGE)).sum();
        }
    }

    @Test
    void aPreparationThatDoesNotFitLeavesNothing() throws IOException {
        assertOneMessage(run(2, "prepare", "--set", "data.train=" + TINY.resolve("c.jsonl"), "--out", "disk/data"), "cannot write disk/data: ");
        assertEquals(List.of(), left());
    }

    @Test
    void aPreparationIsWholeOrNotThereHoweverFewPagesTheDiskLacks() throws IOException {
        String[] prepare = {"prepare", "--set", "data.train=" + TINY.resolve("c.jsonl"), "--out", "disk/data"};
        TinyRun.succeed(run(1000, prepare));
        Path data = directory.resolve("left/data");
        int needed = pages(data) - pages(data.resolve("lengths.png"));    // the picture may be missing; a line says so
        AtomicFiles.delete(directory.resolve("left"));
        boolean unfinished = false;
        for (int pages = needed - 1; pages <= needed + 1; pages++) {
            Launcher.Result result = run(pages, prepare);
            if (result.code() == 0) {
                assertTrue(result.err().contains("cannot write disk/data/lengths.png: ") && !result.err().contains("Exception"), result.err());
                assertTrue(left().contains("data/config.yaml"), left().toString());
            } else {
                unfinished |= result.err().contains("cannot finish disk/data, so nothing is left there: ");
                assertOneMessage(result, "cannot ");
                assertEquals(List.of(), left());
            }
            AtomicFiles.delete(directory.resolve("left"));
        }
        assertTrue(unfinished);
    }

    @Test
    void theCheckpointBeforeTheDiskWasFullIsWholeAndGenerates() throws IOException {
        int checkpoint = pages(TINY.resolve("run/checkpoint-4"));
        Launcher.Result result = run(checkpoint + checkpoint / 2 + 4, "train", "-c", TINY.resolve("tiny.yaml").toString(), "--data",
                TINY.resolve("data").toString(), "--out", "disk/run");
        assertOneMessage(result, "cannot write disk/run/checkpoint-8: ");
        assertFalse(left().stream().anyMatch(file -> file.contains("checkpoint-8") || file.startsWith("run/model")), left().toString());
        TinyRun.succeed(TinyRun.in(directory).run("generate", "left/run", "--prompt", "say 2 a:"));
    }

    @Test
    void anExportThatDoesNotFitLeavesNothing() throws IOException {
        assertOneMessage(run(4, "export", TINY.resolve("run").toString(), "--out", "disk/onnx"), "cannot write disk/onnx: ");
        assertEquals(List.of(), left());
    }
}
