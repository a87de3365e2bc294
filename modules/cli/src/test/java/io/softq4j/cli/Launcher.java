package io.softq4j.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs the real {@code ./softq} as a process, on the class path of this test instead of a build.
 *
 * @param directory   the user's current directory
 * @param environment what differs from that of the test
 * @param launcher    the file to start
 */
record Launcher(Path directory, Map<String, String> environment, Path launcher) {

    private static final int MINUTES = 10;

    /**
     * What it did.
     *
     * @param code exit code
     * @param out  standard output
     * @param err  standard error, without the JVM's line about the incubator module
     */
    record Result(int code, String out, String err) {
    }

    static Launcher in(Path directory) {
        return new Launcher(directory, Map.of(), file());
    }

    /** The launcher of this source tree. */
    static Path file() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("softq"))) {
            root = root.getParent();
        }
        return root.resolve("softq");
    }

    /** Where a program is. */
    static Path onPath(String program) {
        for (String place : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(place, program))) {
                return Path.of(place, program);
            }
        }
        throw new IllegalStateException(program + " is not on the PATH");
    }

    Launcher with(Map<String, String> more) {
        return new Launcher(directory, more, launcher);
    }

    Launcher at(Path link) {
        return new Launcher(directory, environment, link);
    }

    /** Starts it; the process is the JVM itself, as the launcher ends with exec. */
    Process start(Path out, Path err, String... arguments) throws IOException {
        Process process = start(ProcessBuilder.Redirect.PIPE, out, err, arguments);
        process.getOutputStream().close();
        return process;
    }

    private Process start(ProcessBuilder.Redirect in, Path out, Path err, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectInput(in)
                .redirectOutput(out.toFile()).redirectError(err.toFile());
        Map<String, String> variables = new HashMap<>(environment);
        variables.putIfAbsent("SOFTQ_CLASS_PATH", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        variables.putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(variables);
        return builder.start();
    }

    Result run(String... arguments) {
        return run((out, err) -> start(out, err, arguments), arguments);
    }

    /** With {@code in} as standard input. */
    Result reading(Path in, String... arguments) {
        return run((out, err) -> start(ProcessBuilder.Redirect.from(in.toFile()), out, err, arguments), arguments);
    }

    private interface Start {
        Process start(Path out, Path err) throws IOException;
    }

    private static Result run(Start start, String... arguments) {
        try {
            Path out = Files.createTempFile("softq", ".out");
            Path err = Files.createTempFile("softq", ".err");
            Process process = start.start(out, err);
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(List.of(arguments) + " runs for more than " + MINUTES + " minutes; " + Files.readString(err));
            }
            Result result = new Result(process.exitValue(), Files.readString(out),
                    Files.readString(err).replaceAll("WARNING: Using incubator modules: jdk.incubator.vector\\R", ""));
            Files.delete(out);
            Files.delete(err);
            return result;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
