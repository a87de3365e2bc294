package io.softq4j.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExclusiveTest {

    @TempDir
    Path home;

    @Test
    void oneAtATimeAndNothingIsLeft() throws Exception {
        Path path = home.resolve("deep/data");
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger waited = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Thread thread = new Thread(() -> {
                try (Exclusive alone = Exclusive.on(path, waited::incrementAndGet)) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.sleep(20);
                    inside.decrementAndGet();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(1, most.get());
        assertTrue(waited.get() >= 1 && waited.get() <= 5, waited + " waited");
        assertFalse(Files.exists(home.resolve("deep/.data.lock")));
    }

    @Test
    void aPlaceThatCannotBeIsNamed() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "");
        String message = assertThrows(UserError.class, () -> Exclusive.on(file.resolve("data"), () -> { })).getMessage();
        assertTrue(message.startsWith("cannot lock " + file.resolve(".data.lock")), message);
    }

    /** Holds the path given, says so, and waits to be killed. */
    static final class Holder {
        public static void main(String[] arguments) throws InterruptedException {
            try (Exclusive alone = Exclusive.alone(Path.of(arguments[0]))) {
                System.out.println("held");
                Thread.sleep(60_000);
            }
        }
    }

    private static Process holder(Path path) throws IOException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), Holder.class.getName(),
                path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        assertEquals("held", new java.io.BufferedReader(new java.io.InputStreamReader(process.getInputStream())).readLine());
        return process;
    }

    @Test
    void anotherProcessIsNamedAndItsLockIsGoneWithIt() throws Exception {
        Path path = Files.createDirectory(home.resolve("run"));
        Path link = Files.createSymbolicLink(home.resolve("link"), path);
        Process process = holder(path);
        for (Path name : List.of(path, link, home.resolve("run/../run"))) {
            String message = assertThrows(UserError.class, () -> Exclusive.alone(name)).getMessage();
            assertTrue(message.matches(java.util.regex.Pattern.quote(name + " is in use: process " + process.pid())
                    + " works here since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\. Wait until it has ended, or stop it, or choose "
                    + "another output path\\."), message);
        }
        process.destroyForcibly().waitFor();
        assertTrue(Files.exists(home.resolve(".run.lock")), "kill -9 leaves the file");
        Exclusive.alone(path).close();
        assertFalse(Files.exists(home.resolve(".run.lock")));
    }

    @Test
    void aSecondTryWithinTheProcessDoesNotFreeTheLock() throws Exception {
        Path path = home.resolve("run");
        try (Exclusive alone = Exclusive.alone(path)) {
            String message = assertThrows(UserError.class, () -> Exclusive.alone(path)).getMessage();
            assertTrue(message.contains("process " + ProcessHandle.current().pid() + " works here since "), message);
            Process other = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), Holder.class.getName(),
                    path.toString())
                    .redirectErrorStream(true).start();
            String said = new String(other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertTrue(said.contains("is in use: process " + ProcessHandle.current().pid()), said);
        }
    }
}
