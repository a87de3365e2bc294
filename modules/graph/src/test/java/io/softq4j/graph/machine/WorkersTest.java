package io.softq4j.graph.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class WorkersTest {

    private static void callsEachPieceOnce(int pieces) {
        AtomicIntegerArray calls = new AtomicIntegerArray(pieces);
        Workers.forEach(pieces, calls::incrementAndGet);
        int[] expected = new int[pieces];
        Arrays.fill(expected, 1);
        int[] seen = new int[pieces];
        Arrays.setAll(seen, calls::get);
        assertArrayEquals(expected, seen);
    }

    @Test
    void everyPieceIsCalledOnce() {
        for (int round = 0; round < 1000; round++) {
            callsEachPieceOnce(round % 9);
        }
    }

    @Test
    void severalCallersDoNotDisturbEachOther() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                running.add(callers.submit(() -> {
                    for (int round = 0; round < 2000; round++) {
                        callsEachPieceOnce(5);
                    }
                }));
            }
            for (Future<?> caller : running) {
                caller.get();
            }
        } finally {
            callers.shutdown();
        }
    }

    @Test
    void whatAPieceThrowsReachesTheCallerAndTheTeamGoesOn() {
        for (int round = 0; round < 100; round++) {
            int bad = round % 6;
            RuntimeException e = assertThrows(IllegalArgumentException.class, () -> Workers.forEach(6, i -> {
                if (i == bad) {
                    throw new IllegalArgumentException("piece " + i);
                }
            }));
            assertEquals("piece " + bad, e.getMessage());
            callsEachPieceOnce(6);
        }
    }
}
