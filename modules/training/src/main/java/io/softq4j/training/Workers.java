package io.softq4j.training;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.ObjIntConsumer;
import java.util.ArrayList;
import java.util.List;

/**
 * A fixed pool that works through numbered pieces. Which thread takes a piece varies from run to run, so a piece must not depend on it.
 *
 * @param <S> scratch space of one thread
 */
final class Workers<S> implements AutoCloseable {

    private final List<S> scratch = new ArrayList<>();
    private final ExecutorService pool;

    Workers(int threads, IntFunction<S> newScratch) {
        for (int i = 0; i < threads; i++) {
            scratch.add(newScratch.apply(i));
        }
        pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "softq4j-optimizer");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Calls {@code work} once with each of {@code 0 .. pieces-1}; returns when all are done. */
    void forEach(int pieces, ObjIntConsumer<S> work) {
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (S own : scratch) {
            running.add(pool.submit(() -> {
                for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
                    work.accept(own, piece);
                }
            }));
        }
        for (Future<?> worker : running) {
            try {
                worker.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a worker failed", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
