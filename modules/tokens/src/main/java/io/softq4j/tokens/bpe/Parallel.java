package io.softq4j.tokens.bpe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * Work on all cores, in threads of its own. Not the common pool: whoever waits for that may be given other work meanwhile, which would
 * enter again a lock that the caller holds.
 */
final class Parallel {

    private Parallel() {
    }

    /** Does {@code task} for 0, 1, ... {@code n - 1}, in any order, and returns when all are done. */
    static void forEach(int n, IntConsumer task) {
        if (n == 0) {
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(n, Runtime.getRuntime().availableProcessors()));
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                int index = i;
                tasks.add(() -> {
                    task.accept(index);
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a part of the work failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before the work was done", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
