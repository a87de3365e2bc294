package io.softq4j.benchmark;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A measured process in the middle of a command, which reads nothing, when the process that started it is ended. */
class OrphanTest {

    /** Computes for ever. */
    static final class Busy {
        public static void main(String[] arguments) {
            CommandServer.run(() -> new CommandServer().on("pid", words -> ProcessHandle.current().pid()).on("compute", words -> {
                for (long i = 0; i >= 0; i++) {
                    Thread.onSpinWait();
                }
                return true;
            }));
        }
    }

    /** Starts it as the benchmark does, tells its id, and waits for it. */
    static final class Starter {
        public static void main(String[] arguments) {
            String classPath = System.getProperty("java.class.path");
            try (Child child = new Child(new Processes(classPath, classPath, List.of(), 1).ours(Busy.class, List.of("-Xmx64m")))) {
                System.out.println(child.ask("pid").asLong());
                child.ask("compute");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMeasuredProcessEndsWithTheOneThatStartedIt(boolean killed) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Process starter = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-cp",
                System.getProperty("java.class.path"), Starter.class.getName()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(starter.getInputStream(), StandardCharsets.UTF_8))) {
            ProcessHandle busy = ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
            assertTrue(busy.isAlive());
            if (killed) {
                starter.destroyForcibly();
            } else {
                starter.destroy();
            }
            busy.onExit().get(20, TimeUnit.SECONDS);
            assertFalse(busy.isAlive());
        }
    }
}
