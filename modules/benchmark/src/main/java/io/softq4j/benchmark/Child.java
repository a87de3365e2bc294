package io.softq4j.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A measured process as its parent sees it: asks it by lines, see {@link CommandServer}. */
class Child implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECONDS_TO_END = 20;
    private static final int LINES_OF_ERRORS = 20;

    private final Process process;
    private final BufferedReader answers;
    private final Path errors;

    /** Starts it and waits until it has loaded. */
    Child(ProcessBuilder builder) {
        try {
            errors = Files.createTempFile("softq-benchmark", ".err");
            process = builder.redirectError(errors.toFile()).start();
            answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            read("its start");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Sends a command and waits for its answer. */
    JsonNode ask(String command) {
        try {
            OutputStream in = process.getOutputStream();
            in.write((command + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
        } catch (IOException e) {
            throw failure(command, "it has ended");
        }
        return read(command);
    }

    /** The same, as an object. */
    <T> T ask(String command, Class<T> type) {
        return JSON.convertValue(ask(command), type);
    }

    private JsonNode read(String command) {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw failure(command, "it has ended");
            }
            JsonNode answer = JSON.readTree(line);
            if (answer.has("error")) {
                throw failure(command, answer.get("error").asText());
            }
            return answer;
        } catch (IOException e) {
            throw failure(command, e.getMessage());
        }
    }

    private IllegalStateException failure(String command, String why) {
        return new IllegalStateException("a measured process failed at " + command + ": " + why + "\n" + lastErrors());
    }

    private String lastErrors() {
        try {
            List<String> lines = Files.readAllLines(errors);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_OF_ERRORS), lines.size()));
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(errors);
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
