package io.softq4j.common;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A lock between processes, and between threads, on what is about to be written: a file {@code .NAME.lock} beside {@code NAME}, there while it is held. It is freed by the
 * system when the process ends, however it ends.
 */
public final class Exclusive implements AutoCloseable {

    private static final int MILLISECONDS_BETWEEN_TRIES = 50;

    private final Path file;
    private final FileChannel channel;

    private Exclusive(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Waits until nobody else holds {@code path}.
     *
     * @param waiting is run once if somebody does
     * @throws UserError if the file cannot be made
     */
    public static Exclusive on(Path path, Runnable waiting) {
        Path file = path.toAbsolutePath().resolveSibling("." + path.getFileName() + ".lock");
        boolean told = false;
        try {
            Files.createDirectories(file.getParent());
            while (true) {
                FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                // who held a file before has deleted it: others may hold a new one
                if (locked(channel) && Files.exists(file)) {
                    return new Exclusive(file, channel);
                }
                channel.close();
                if (!told) {
                    waiting.run();
                    told = true;
                }
                Thread.sleep(MILLISECONDS_BETWEEN_TRIES);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted while waiting for " + file, e);
        } catch (IOException e) {
            throw new UserError("cannot lock " + file + ": " + e.getMessage() + ". Check permissions and free space (df -h)", e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;    // another thread of this process
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            channel.close();
        } catch (IOException e) {
            throw new UserError("cannot free " + file + ": " + e.getMessage(), e);
        }
    }
}
