package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that goes on: with its own configuration and data, or not at all; and one that is asked to stop. Through the real launcher. */
class ResumeTest {

    private static final Path TINY = TinyRun.directory();
    private static final int SIGINT = 130;
    private static final int SIGTERM = 143;

    @TempDir
    private Path directory;

    @BeforeEach
    void copyTheRun() throws IOException {
        copy(TINY.resolve("run"), directory.resolve("run"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path file : walk.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private Launcher.Result resume(String... more) {
        List<String> command = new ArrayList<>(List.of("train", "--out", "run", "--resume"));
        command.addAll(List.of(more));
        return TinyRun.in(directory).with(Map.of("OMP_NUM_THREADS", "1", "SOFTQ_CACHE", directory.resolve("cache").toString())).run(command.toArray(String[]::new));
    }

    @Test
    void aFinishedRunSaysSoWithoutAnyFlagGivenAgain() throws IOException {
        byte[] before = Files.readAllBytes(directory.resolve("run/model/model.safetensors"));
        Launcher.Result result = TinyRun.succeed(resume());
        assertTrue(result.err().contains("all 8 steps of this run are made; to train on, raise training.max_steps or num_train_epochs\n"), result.err());
        assertFalse(result.err().contains("steps 9 to 8"), result.err());
        assertArrayEquals(before, Files.readAllBytes(directory.resolve("run/model/model.safetensors")));
        assertTrue(TinyRun.in(directory).run("train", "--out", "none", "--resume").err().startsWith("softq: error: no run to resume in none"));
    }

    @Test
    void whatMayChangeChangesAndIsNamedAndLostLinesAreSaid() throws IOException {
        Path metrics = directory.resolve("run/metrics.jsonl");
        List<String> lines = new ArrayList<>(Files.readAllLines(metrics));
        lines.remove(2);
        Files.writeString(metrics, String.join("\n", lines) + "\n{\"step\": 9, \"loss\": 1}\n{\"step\": 1");
        Launcher.Result result = TinyRun.succeed(resume("--set", "training.max_steps=12", "--set", "training.logging_steps=2"));
        for (String said : new String[] {"training.max_steps: 8 before, 12 from here on\n", "training.logging_steps: 1 before, 2 from here on\n",
            "metrics.jsonl: 1 lines after step 8 are dropped; these steps are made again\n",
            "metrics.jsonl: 1 lines that are no metrics, such as one that was cut short, are dropped\n",
            "metrics.jsonl: 1 of the 9 lines up to step 8 are lost; the run goes on without them\n", "steps 9 to 12\n"}) {
            assertTrue(result.err().contains(said), said + " is not in " + result.err());
        }
        assertTrue(result.out().startsWith("12 steps: loss "), result.out());
        assertTrue(Files.readString(directory.resolve("run/config.yaml")).contains("max_steps: 12"), "the run's configuration is what it runs with");
    }

    @Test
    void otherKeysAndOtherDataAreRefusedByName() throws IOException {
        String rows = Files.readString(TINY.resolve("c.jsonl"));
        Files.writeString(directory.resolve("c.jsonl"), rows.substring(rows.indexOf('\n') + 1));
        TinyRun.succeed(TinyRun.in(directory).run("prepare", "-c", TINY.resolve("tiny.yaml").toString(), "--set", "data.validation=null", "--out", "other"));
        Launcher.Result result = resume("--data", "other", "--set", "training.learning_rate=0.1", "--set", "training.max_steps=12");
        assertEquals(2, result.code(), result.toString());
        assertTrue(result.err().contains("softq: error: the run in run cannot go on, since a resumed run continues bit for bit and this differs:\n"), result.err());
        assertTrue(result.err().contains("\n  training.learning_rate: 0.01 in the run, 0.1 now\n"), result.err());
        assertTrue(result.err().contains("\n  training data, sha256 of shard-00000.bin: "), result.err());
        assertTrue(result.err().contains("\n  validation data, sha256 of shard-00000.bin: "), result.err());
        assertFalse(result.err().contains("max_steps"), result.err());
    }

    /** Such a run has a model of another size; what made it so is what the user can set back. */
    @Test
    void keysAndDataThatChangeTheModelsSizeAreNamedToo() throws IOException {
        Launcher.Result result = resume("--set", "model.n_layer=3", "--set", "objective.lambda=0.7");
        assertEquals(2, result.code(), result.toString());
        assertTrue(result.err().contains("\n  model.n_layer: ") && result.err().contains(" in the run, 3 now\n"), result.err());
        assertTrue(result.err().contains("\n  objective.lambda: "), result.err());
        Files.copy(TINY.resolve("c.jsonl"), directory.resolve("c.jsonl"));
        TinyRun.succeed(TinyRun.in(directory).run("prepare", "-c", TINY.resolve("tiny.yaml").toString(), "--set", "data.validation=null",
                "--set", "tokenizer.vocab_size=257", "--out", "other"));
        result = resume("--data", "other");
        assertEquals(2, result.code(), result.toString());
        assertTrue(result.err().contains("\n  tokenizer of the data, sha256: "), result.err());
    }

    @Test
    void otherKeysOfDataAreRefusedBeforeAnythingIsPrepared() throws IOException {
        String corpus = "data.train=" + TINY.resolve("c.jsonl");
        for (String given : List.of("data.max_length=12", "data={max_length: 12}")) {
            Launcher.Result result = resume("--set", given, "--set", "tokenizer.vocab_size=270", "--set", corpus);
            assertEquals(2, result.code(), result.toString());
            assertTrue(result.err().contains("\n  data.max_length: 16 in the run, 12 now\n"), result.err());
            assertTrue(result.err().contains("tokenizer.vocab_size: 262 in the run, 270 now\n"), result.err());
            assertFalse(result.err().contains("prepar"), result.err());
            assertFalse(Files.exists(directory.resolve("cache")), "something was prepared");
        }
    }

    @Test
    void otherFilesAreRefusedBeforeAnythingIsPreparedAndTheSameOnesElsewhereAreNot() throws IOException {
        String rows = Files.readString(TINY.resolve("c.jsonl"));
        Files.createDirectory(directory.resolve("moved"));
        Path moved = Files.writeString(directory.resolve("moved/c.jsonl"), rows);
        Files.copy(TINY.resolve("t.jsonl"), directory.resolve("moved/t.jsonl"));
        String[] same = {"--set", "data.train=moved/c.jsonl", "--set", "data.validation=moved/t.jsonl", "--set", "data.num_proc=1", "--set", "data.shape=auto"};
        assertTrue(TinyRun.succeed(resume(same)).err().contains("all 8 steps of this run are made"));
        assertFalse(Files.exists(directory.resolve("cache")), "the run's own data are there");
        Files.writeString(moved, rows + rows);
        Launcher.Result result = resume(same);
        assertEquals(2, result.code(), result.toString());
        assertTrue(result.err().contains("softq: error: the run in run cannot go on with data.train [moved/c.jsonl] and data.validation [moved/t.jsonl]: its "
                + "rows are of "), result.err());
        assertTrue(result.err().contains("/data, made of other files. --resume alone takes the rows of the run. If these files hold the same, prepare them "
                + "(softq prepare) and give --data DIR.\n"), result.err());
        assertFalse(Files.exists(directory.resolve("cache")), "something was prepared");
    }

    @Test
    void aRunThatLostItsRecordIsRefusedBeforeDataArePrepared() throws IOException {
        Files.delete(directory.resolve("run/run.json"));
        Launcher.Result result = resume();
        assertEquals(2, result.code(), result.toString());
        assertTrue(result.err().startsWith("softq: error: run has no run.json, which tells of the run's data and start: "), result.err());
    }

    @Test
    void aShardOfOtherBytesIsRefused() throws IOException {
        copy(TINY.resolve("data"), directory.resolve("data"));
        Path shard = directory.resolve("data/train/shard-00000.bin");
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length - 1] ^= 1;
        Files.write(shard, bytes);
        Launcher.Result result = resume("--data", "data");
        assertEquals(2, result.code(), result.toString());
        assertTrue(result.err().contains("data/train/shard-00000.bin is not the file that was prepared: its SHA-256 is "), result.err());
    }

    @Test
    void aSweepThatIsStoppedWhileItSamplesEndsAtOnceAndItsTrialIsNotTrainedAgain() throws IOException, InterruptedException {
        Path err = directory.resolve("sweep.err");
        String[] sweep = {"sweep", "-c", "tiny.yaml", "--data", "data", "--out", directory.resolve("sweep").toString(),
            "--set", "evaluation.samples=200000"};    // minutes of it
        Process process = Launcher.in(TINY).with(Map.of("OMP_NUM_THREADS", "1")).start(directory.resolve("sweep.out"), err, sweep);
        while (!Files.readString(err).contains("sample T=0.7: ")) {
            assertTrue(process.isAlive(), Files.readString(err));
            Thread.sleep(20);
        }
        process.destroy();
        assertTrue(process.waitFor(20, java.util.concurrent.TimeUnit.SECONDS), "it samples on");
        assertEquals(SIGTERM, process.exitValue(), Files.readString(err));
        assertTrue(Files.readString(err).endsWith("softq: stopped; the same command goes on where it stopped\n"), Files.readString(err));
        assertTrue(Files.exists(directory.resolve("sweep/trial-000-lambda=0-seed=1/model/model.safetensors")));
    }

    private Process training(String out) throws IOException, InterruptedException {
        Path err = directory.resolve(out + ".err");
        Process process = Launcher.in(TINY).with(Map.of("OMP_NUM_THREADS", "1")).start(directory.resolve(out + ".out"), err, "train", "-c", "tiny.yaml",
                "--data", "data", "--out", directory.resolve(out).toString(), "--set", "training.max_steps=6000", "--set", "training.save_steps=1500",
                "--set", "training.logging_steps=500");
        while (!Files.readString(err).contains("step 1 of 6,000")) {
            assertTrue(process.isAlive(), Files.readString(err));
            Thread.sleep(5);
        }
        return process;
    }

    /** As a shell's background job does, and all that it starts: no handler ever hears of Ctrl-C then. */
    private static boolean ignoresInterrupts(Process process) throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        return Files.exists(status) && Files.readAllLines(status).stream().filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }

    private static void signal(Process process, String... names) throws IOException, InterruptedException {
        for (String name : names) {
            assertEquals(0, new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor());
        }
    }

    @Test
    void aSignalStopsAfterTheStepAndTheRunGoesOnToTheSameBits() throws IOException, InterruptedException {
        for (String name : new String[] {"TERM", "INT"}) {
            Process process = training(name);
            if (name.equals("INT") && ignoresInterrupts(process)) {
                process.destroyForcibly();
                continue;
            }
            signal(process, name);
            assertEquals(name.equals("TERM") ? SIGTERM : SIGINT, process.waitFor());
            String err = Files.readString(directory.resolve(name + ".err"));
            assertTrue(err.contains("softq: SIG" + name + ": stopping after this step; once more to stop at once\n"), err);
            assertTrue(err.matches("(?s).*softq: stopped after step \\d+; go on with --resume\n"), err);
            assertFalse(Files.exists(directory.resolve(name + "/model")), "not finished");
        }
        TinyRun.succeed(TinyRun.in(directory).run("train", "--out", "TERM", "--resume"));
        assertEquals(0, training("whole").waitFor());
        assertArrayEquals(Files.readAllBytes(directory.resolve("whole/model/model.safetensors")),
                Files.readAllBytes(directory.resolve("TERM/model/model.safetensors")));
    }

    @Test
    void aSecondSignalEndsAtOnce() throws IOException, InterruptedException {
        Process process = training("twice");
        if (ignoresInterrupts(process)) {
            process.destroyForcibly();
            return;
        }
        signal(process, "STOP", "TERM", "INT", "CONT");
        int code = process.waitFor();
        assertTrue(code == SIGTERM || code == SIGINT, "exit code " + code);
        assertFalse(Files.readString(directory.resolve("twice.err")).contains("stopped after step"));
    }
}
