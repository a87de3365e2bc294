package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.common.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A corpus, its preparation and a finished run, made through the launcher once for all tests of this JVM: {@code c.jsonl t.jsonl tiny.yaml data/
 * run/}. No test changes it.
 */
final class TinyRun {

    /** Trains in a fraction of a second; checkpoints after 4 and 8 steps. */
    static final String CONFIG = """
            data: {train: c.jsonl, validation: t.jsonl, max_length: 16}
            tokenizer: {vocab_size: 262}
            model: {n_positions: 16, n_embd: 16, n_layer: 1, n_head: 2}
            objective: {lambda: 0.1}
            training: {max_steps: 8, per_device_train_batch_size: 8, learning_rate: 1e-2, save_steps: 4, logging_steps: 1, bucket_multiple: 4}
            generation: {max_new_tokens: 6, batch_size: 16, do_sample: true, top_k: 0}
            evaluation: {task: "exact_match:response", samples: 4, prompts: 4, temperatures: [0.7, 1.0]}
            sweep: {parameters: {objective.lambda: [0, 0.1]}, seeds: [1]}
            """;

    private static Path directory;

    private TinyRun() {
    }

    static synchronized Path directory() {
        if (directory == null) {
            directory = make();
        }
        return directory;
    }

    /** With one thread: on a busy machine two wait for each other at every product of these small matrices. */
    static Launcher in(Path directory) {
        return Launcher.in(directory).with(Map.of("OMP_NUM_THREADS", "1"));
    }

    private static Path make() {
        try {
            Path made = Files.createTempDirectory("softq-tiny");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
            corpus(made);
            succeed(in(made).run("prepare", "-c", "tiny.yaml", "--out", "data"));
            succeed(in(made).run("train", "-c", "tiny.yaml", "--data", "data", "--out", "run"));
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code c.jsonl} of 60 rows {@code say 2 b:} and {@code  b b}, {@code t.jsonl} of its first six, {@code tiny.yaml}. */
    static void corpus(Path directory) throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            String letter = String.valueOf("abcde".charAt(i % 5));
            int times = 1 + i % 3;
            rows.append(row("say " + times + " " + letter + ":", (" " + letter).repeat(times)));
        }
        Files.writeString(directory.resolve("c.jsonl"), rows.toString());
        Files.writeString(directory.resolve("t.jsonl"), String.join("\n", rows.toString().lines().limit(6).toList()));
        Files.writeString(directory.resolve("tiny.yaml"), CONFIG);
    }

    static String row(String prompt, String response) {
        return "{\"prompt\": \"" + prompt + "\", \"response\": \"" + response + "\"}\n";
    }

    static Launcher.Result succeed(Launcher.Result result) {
        assertEquals(0, result.code(), result.toString());
        return result;
    }

    private static void delete(Path path) {
        try {
            AtomicFiles.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
