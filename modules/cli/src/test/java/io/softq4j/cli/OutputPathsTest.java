package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.softq4j.common.Exclusive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the user has is never lost by an output path, whichever command it is given to. Through the real launcher. */
class OutputPathsTest {

    private static final Path TINY = TinyRun.directory();

    @TempDir
    private Path directory;

    private Launcher.Result softq(String... arguments) {
        return TinyRun.in(directory).run(arguments);
    }

    /** The message of a refusal, after which all files are as before. */
    private String refused(String... arguments) throws IOException {
        TreeMap<String, String> before = files();
        Launcher.Result result = softq(arguments);
        assertEquals(2, result.code(), result.toString());
        assertEquals(before, files());
        return result.err().strip().replaceFirst("^softq: error: ", "");
    }

    private TreeMap<String, String> files() throws IOException {
        TreeMap<String, String> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(directory)) {
            // a lock of this JVM is not read: closing the file would free it
            for (Path file : walk.filter(path -> !path.toString().endsWith(".lock")).toList()) {
                files.put(directory.relativize(file).toString(), Files.isDirectory(file) ? "" : Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }

    private static String tiny(String name) {
        return TINY.resolve(name).toString();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path file : walk.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    @Test
    void promptsAreNotReplacedByTheirSamples() throws IOException {
        Path prompts = Files.copy(TINY.resolve("t.jsonl"), directory.resolve("p.jsonl"));
        Files.createLink(directory.resolve("hard.jsonl"), prompts);
        for (String out : new String[] {"p.jsonl", "hard.jsonl"}) {
            assertTrue(refused("generate", tiny("run"), "--prompts", "p.jsonl", "--out", out, "--force").startsWith(
                    out + " cannot be written: it is, or holds, p.jsonl, which is read."));
        }
        Files.writeString(directory.resolve("notes.jsonl"), "{\"text\": \"mine\"}\n");
        assertTrue(refused("generate", tiny("run"), "--prompt", "a", "--out", "notes.jsonl").startsWith("notes.jsonl would be replaced, but it is not a file of "
                + "samples by softq generate. Choose another output path, move it away, or give --force to replace it."));
    }

    @Test
    void samplesAreReplacedBySamplesAndFollowLinks() throws IOException {
        Files.createSymbolicLink(directory.resolve("link.jsonl"), Path.of("s.jsonl"));
        for (int times = 0; times < 2; times++) {
            TinyRun.succeed(softq("generate", tiny("run"), "--prompt", "say 2 a:", "--out", "link.jsonl"));
        }
        assertTrue(Files.isSymbolicLink(directory.resolve("link.jsonl")));
        assertEquals(1, Files.readAllLines(directory.resolve("s.jsonl")).size());
    }

    @Test
    void standardOutputGetsTheSamplesAndNothingElse() throws IOException {
        Launcher.Result result = TinyRun.succeed(softq("generate", tiny("run"), "--prompt", "say 2 a:", "--out", "/dev/stdout"));
        List<String> lines = result.out().lines().toList();
        assertEquals(1, lines.size(), result.out());
        assertEquals("say 2 a:", new ObjectMapper().readTree(lines.get(0)).get("prompt").asText());
        assertTrue(result.err().contains("1 samples of 1 prompts in /dev/stdout"), result.err());
        TinyRun.succeed(softq("generate", tiny("run"), "--prompt", "say 2 a:", "--out", "/dev/null"));
        assertFalse(Files.isRegularFile(Path.of("/dev/null")));
    }

    /** A shell's pipe has no directory in which it could be locked. */
    @ParameterizedTest
    @ValueSource(strings = {"--out /dev/stdout", "--out /dev/fd/3 3>&1 > /dev/null"})
    void samplesGoThroughAPipe(String into) throws IOException {
        Path shell = Files.writeString(directory.resolve("piped"), "#!/bin/bash\nset -o pipefail\n\"$SOFTQ\" \"$@\" " + into + " | cat\n");
        assertTrue(shell.toFile().setExecutable(true));
        Launcher.Result result = TinyRun.succeed(Launcher.in(directory).at(shell).with(Map.of("SOFTQ", Launcher.file().toString()))
                .run("generate", tiny("run"), "--prompt", "say 2 a:"));
        assertEquals("say 2 a:", new ObjectMapper().readTree(result.out()).get("prompt").asText());
    }

    @Test
    void aTrainingLeavesWhatLiesInItsDirectory() throws IOException {
        Path work = Files.createDirectory(directory.resolve("work"));
        copy(TINY.resolve("run/model"), work.resolve("model"));
        assertTrue(refused("train", "--data", tiny("data"), "--model", "work/model", "--out", "work", "--force").startsWith(
                "work/model cannot be written: it is, or holds, work/model, which is read."));
        assertTrue(refused("train", "--data", tiny("data"), "--out", "work").startsWith("work/model would be replaced, but "));
        copy(TINY.resolve("data"), directory.resolve("data"));
        assertTrue(refused("train", "--data", "data", "--out", "data", "--force").contains("cannot be written: it is, or holds, "));
        Files.writeString(Files.createDirectory(directory.resolve("logs")).resolve("train.log"), "mine");
        TinyRun.succeed(softq("train", "-c", tiny("tiny.yaml"), "--data", "data", "--out", "logs"));
        assertEquals("mine", Files.readString(directory.resolve("logs/train.log")));
        assertTrue(refused("train", "-c", tiny("tiny.yaml"), "--data", "data", "--out", "logs").startsWith("logs holds a run already"));
        TinyRun.succeed(softq("train", "-c", tiny("tiny.yaml"), "--data", "data", "--out", "logs", "--force", "--set", "training.max_steps=1"));
        assertEquals("mine", Files.readString(directory.resolve("logs/train.log")));
        assertFalse(Files.exists(directory.resolve("logs/checkpoint-8")));
    }

    @Test
    void nothingIsWrittenIntoWhatIsReadButBesideTheModelOfARun() throws IOException {
        copy(TINY.resolve("data"), directory.resolve("data"));
        for (String out : List.of("data/train", "data/new")) {
            assertEquals(out + " cannot be written: it lies in data, which is read. Choose another output path.",
                    refused("train", "--data", "data", "--out", out, "--force").strip());
            assertTrue(refused("sweep", "-c", tiny("tiny.yaml"), "--data", "data", "--out", out, "--force").startsWith(out + " cannot be written: it lies in"));
        }
        Files.createDirectory(directory.resolve("run"));
        copy(TINY.resolve("run/model"), directory.resolve("run/model"));
        assertTrue(refused("export", "run", "--out", "run/model/onnx").startsWith("run/model/onnx cannot be written: it lies in run/model, which is read."));
        assertTrue(refused("train", "--data", "data", "--model", "run", "--out", "run/model/more").contains("it lies in run/model, which is read."));
        TinyRun.succeed(softq("export", "run", "--out", "run/onnx"));
        Files.writeString(directory.resolve("run/onnx/notes.txt"), "mine");
        assertTrue(refused("export", "run", "--out", "run/onnx").startsWith("run/onnx would be replaced, but notes.txt in it is not part of the export by softq"));
        TinyRun.succeed(softq("export", "run", "--out", "run/onnx", "--force"));
        assertFalse(Files.exists(directory.resolve("run/onnx/notes.txt")));
        assertTrue(refused("generate", "run", "--prompt", "a", "--out", "").startsWith("the output path is empty"));
    }

    @Test
    void whatASignalCostsIsSaid() throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        String[] endless = {"--set", "generation.num_return_sequences=5000", "--set", "generation.do_sample=true", "--set", "generation.max_new_tokens=8"};
        Process process = TinyRun.in(directory).start(out, err, append(new String[] {"generate", tiny("run"), "--prompts", tiny("t.jsonl"), "--out", "s.jsonl"}, endless));
        for (int i = 0; i < 600 && !Files.readString(err).contains("generation: "); i++) {
            Thread.sleep(100);
        }
        Thread.sleep(500);
        process.destroy();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "still running");
        String told = Files.readString(err);
        assertEquals(143, process.exitValue(), told);
        assertTrue(Pattern.compile("softq: stopped; generate: [0-9,]+ of [0-9,]+ samples were finished, and s.jsonl is not written\\.").matcher(told).find(), told);
        assertFalse(Files.exists(directory.resolve("s.jsonl")));
    }

    private static String[] append(String[] first, String[] more) {
        return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void reportsSweepsAndPreparationsReplaceTheirOwnOnly() throws IOException {
        Files.writeString(Files.createDirectory(directory.resolve("d")).resolve("samples-1.0.jsonl"), "{\"mine\": 1}\n");
        assertTrue(refused("evaluate", tiny("run"), "--data", tiny("t.jsonl"), "--out", "d").startsWith("d/samples-1.0.jsonl would be replaced, but "));
        Files.writeString(directory.resolve("d/frontier.png"), "mine");
        assertTrue(refused("sweep", "-c", tiny("tiny.yaml"), "--data", tiny("data"), "--out", "d").startsWith("d/frontier.png would be replaced, but "));
        assertTrue(refused("prepare", "--set", "data.train=d", "--out", "d", "--force").startsWith("d cannot be written: it is, or holds, d, which is read."));
        assertTrue(refused("export", tiny("run"), "--out", tiny("run"), "--force").contains("which is read"));
        copy(TINY.resolve("run/model"), directory.resolve("m"));
        assertTrue(refused("convert", "m", "--out", "m", "--force").startsWith("m cannot be written: it is, or holds, m, which is read."));
        assertTrue(refused("convert", tiny("run"), "--out", "m").startsWith("m would be replaced, but it is not empty."));
        TinyRun.succeed(softq("convert", tiny("run"), "--out", "m", "--dtype", "bfloat16", "--force"));
    }

    @Test
    void oneProcessAtATimeWorksInADirectory() throws IOException {
        String here = "is in use: process " + ProcessHandle.current().pid() + " works here since ";
        copy(TINY.resolve("run"), directory.resolve("run"));
        for (String out : new String[] {"run", "other"}) {
            try (Exclusive alone = Exclusive.alone(directory.resolve(out))) {
                for (String[] command : new String[][] {{"train", "-c", tiny("tiny.yaml"), "--data", tiny("data"), "--resume", "--out", "run"},
                    {"sweep", "-c", tiny("tiny.yaml"), "--data", tiny("data"), "--out", "other"}, {"export", "run", "--out", "other"},
                    {"convert", "run", "--out", "other"}, {"evaluate", "run", "--data", tiny("t.jsonl"), "--out", "other"}}) {
                    if (command[command.length - 1].equals(out)) {
                        String message = refused(command);
                        assertTrue(message.contains(out + " " + here), message);
                    }
                }
            }
        }
    }
}
