package io.softq4j.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.softq4j.common.Parent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The side of a measured process: a line in is a command and its arguments, a line out is its answer as JSON, {@code {"error": ...}} where it failed.
 * Waits for lines without using the processor; ends with its input, and with the process that started it, also within a command.
 */
public final class CommandServer {

    /** What answers a command. */
    public interface Command {
        Object run(String[] arguments) throws IOException;
    }

    /** Loads what is measured. */
    public interface Loader {
        CommandServer load() throws IOException;
    }

    /** System property of a measured process: the id of the one that started it. */
    static final String PARENT = "softq.parent";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Command> commands = new TreeMap<>();

    /** Adds a command. */
    public CommandServer on(String name, Command command) {
        commands.put(name, command);
        return this;
    }

    /** {@code name}, {@code step N LAMBDA}, {@code reset}, {@code memory}. */
    public static CommandServer of(TrainingEngine engine) {
        return new CommandServer()
                .on("name", arguments -> engine.name())
                .on("step", arguments -> StepTimes.of(engine, Integer.parseInt(arguments[0]), Double.parseDouble(arguments[1])))
                .on("reset", arguments -> {
                    ProcessMemory.resetPeak();
                    return true;
                })
                .on("memory", arguments -> ProcessMemory.now());
    }

    /** The whole life of a measured process. What libraries print goes to standard error: standard output is for answers. */
    public static void run(Loader loader) {
        Parent.endWith(Long.getLong(PARENT));
        PrintStream answers = System.out;
        System.setOut(System.err);
        try {
            CommandServer server = loader.load();
            answers.println("\"ready\"");
            server.serve(System.in, answers);
        } catch (IOException | RuntimeException e) {
            answers.println(error(e));
        }
        System.exit(0); // threads of native libraries may still wait
    }

    /** Answers until {@code in} ends. */
    void serve(InputStream in, PrintStream out) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            out.println(answer(line));
            out.flush();
        }
    }

    private String answer(String line) {
        String[] words = line.split(" ");
        try {
            Command command = commands.get(words[0]);
            if (command == null) {
                throw new IllegalArgumentException("no command '" + words[0] + "'; there are " + commands.keySet());
            }
            return JSON.writeValueAsString(command.run(Arrays.copyOfRange(words, 1, words.length)));
        } catch (IOException | RuntimeException e) {
            return error(e);
        }
    }

    private static String error(Exception e) {
        return JSON.createObjectNode().put("error", e.toString()).toString();
    }
}
