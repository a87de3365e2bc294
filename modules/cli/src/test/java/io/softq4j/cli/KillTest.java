package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
            killWhileItSaves(run, train("killed", kill == 0 ? new String[0] : new String[] {"--resume"}), random);
        }
        TinyRun.succeed(softq().run("generate", run.toString(), "--prompt", "say 2 a:"));
        Launcher.Result resumed = TinyRun.succeed(softq().run(train("killed", "--resume")));
        assertTrue(resumed.err().contains("resuming after " + run.resolve("checkpoint-")), resumed.err());
        TinyRun.succeed(softq().run(train("whole")));
        Path whole = directory.resolve("whole");
        assertArrayEquals(Files.readAllBytes(whole.resolve("model/model.safetensors")), Files.readAllBytes(run.resolve("model/model.safetensors")));
        assertEquals(metrics(whole), metrics(run));
        assertEquals(Files.readString(whole.resolve("model/README.md")), Files.readString(run.resolve("model/README.md")));
        assertEquals(List.of(), unfinished(run));
    }

    private static Launcher softq() {
        return TinyRun.in(TinyRun.directory());
    }

    /** Kills a few steps on, at a random moment between the first byte of a checkpoint and its taking its place. */
    private void killWhileItSaves(Path run, String[] command, SplittableRandom random) throws IOException, InterruptedException {
        long goal = Math.max(0, newest(run)) + STEPS_BETWEEN;
        Path err = directory.resolve("err");
        Process process = softq().start(directory.resolve("out"), err, command);
        boolean saving = false;
        while (process.isAlive() && !saving) {
            Thread.sleep(0, random.nextInt(1_000_000));
            if (newest(run) >= goal && !unfinished(run).isEmpty()) {
                signal("STOP", process);    // it stands still: look again whether it is saving
                saving = !unfinished(run).isEmpty();
                if (!saving) {
                    signal("CONT", process);
                }
            }
        }
        process.destroyForcibly();
        assertEquals(KILLED, process.waitFor(), "not killed: " + Files.readString(err));
        assertFalse(unfinished(run).isEmpty(), "not in mid-save");
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
    }

    private static long newest(Path run) throws IOException {
        return names(run).stream().filter(name -> name.matches("checkpoint-\\d+"))
                .mapToLong(name -> Long.parseLong(name.substring(11))).max().orElse(-1);
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
            metrics.remove(List.of("tokens_per_second", "elapsed", "eval_runtime", "eval_samples_per_second"));
            lines.add(metrics);
        }
        return lines;
    }
}
