package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} while checkpoints are being saved, one after every step. */
class KillTest {

    private static final int KILLS = 3;
    private static final int KILLED = 128 + 9;
    private static final long STEPS_BETWEEN = 5;
    private static final String[] EVERY_STEP = {"--set", "training.save_steps=1", "--set", "training.max_steps=80"};

    @TempDir
    private Path directory;

    private String[] train(String out, String... more) {
        List<String> command = new ArrayList<>(List.of("train", "-c", "tiny.yaml", "--data", "data", "--out", directory.resolve(out).toString()));
        command.addAll(List.of(EVERY_STEP));
        command.addAll(List.of(more));
        return command.toArray(String[]::new);
    }

    @Test
    void aRunKilledInMidSaveGeneratesAndResumesToTheSameBits() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(7);
        Path run = directory.resolve("killed");
        for (int kill = 0; kill < KILLS; kill++) {
            killWhileItSaves(run, train("killed", kill == 0 ? new String[0] : new String[] {"--resume"}), random.nextInt(3_000_000));
            TinyRun.succeed(Launcher.in(TinyRun.directory()).run("generate", run.toString(), "--prompt", "say 2 a:"));
        }
        Launcher.Result resumed = TinyRun.succeed(Launcher.in(TinyRun.directory()).run(train("killed", "--resume")));
        assertTrue(resumed.err().contains("resuming after " + run.resolve("checkpoint-")), resumed.err());
        TinyRun.succeed(Launcher.in(TinyRun.directory()).run(train("whole")));
        Path whole = directory.resolve("whole");
        assertArrayEquals(Files.readAllBytes(whole.resolve("model/model.safetensors")), Files.readAllBytes(run.resolve("model/model.safetensors")));
        assertEquals(metrics(whole), metrics(run));
        assertEquals(List.of(), unfinished(run));
    }

    /** Kills a few steps on, so many nanoseconds after the temporary directory of a checkpoint has appeared. */
    private void killWhileItSaves(Path run, String[] command, long nanos) throws IOException, InterruptedException {
        long goal = Math.max(0, newest(run)) + STEPS_BETWEEN;
        Path err = directory.resolve("err");
        Process process = Launcher.in(TinyRun.directory()).start(directory.resolve("out"), err, command);
        while (process.isAlive() && (newest(run) < goal || unfinished(run).isEmpty())) {
            Thread.sleep(1);
        }
        long seen = System.nanoTime();
        while (System.nanoTime() - seen < nanos) {
            Thread.onSpinWait();
        }
        process.destroyForcibly();
        assertEquals(KILLED, process.waitFor(), "not killed: " + Files.readString(err));
    }

    private static long newest(Path run) throws IOException {
        return names(run).stream().filter(name -> name.matches("checkpoint-\\d+")).mapToLong(name -> Long.parseLong(name.substring(11))).max().orElse(-1);
    }

    private static List<String> unfinished(Path run) throws IOException {
        return names(run).stream().filter(name -> name.startsWith(".checkpoint-")).toList();
    }

    private static List<String> names(Path run) throws IOException {
        if (!Files.isDirectory(run)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(run)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** What does not come from the clock. */
    private static List<ObjectNode> metrics(Path run) throws IOException {
        List<ObjectNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            ObjectNode metrics = (ObjectNode) new ObjectMapper().readTree(line);
            metrics.remove(List.of("tokens_per_second", "elapsed"));
            lines.add(metrics);
        }
        return lines;
    }
}
