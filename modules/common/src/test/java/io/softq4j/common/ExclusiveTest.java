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
}
