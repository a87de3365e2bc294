package io.softq4j.common;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lock between processes, and between threads, on what is about to be written: a file {@code .NAME.lock} beside {@code NAME}, there while
 * it is held, or within {@code NAME} where the directory around it cannot be written. Symbolic links to one place share its lock. It is
 * freed by the system when the process ends, however it ends.
 */
public final class Exclusive implements AutoCloseable {

    private static final int MILLISECONDS_BETWEEN_TRIES = 50;
    private static final int TRIES = 3;
    /** Of this process: the system's locks are of processes, and closing a file a second time would free them. */
    private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

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
        Path file = file(path);
        for (boolean told = false; ; told = true) {
            Optional<Exclusive> held = tryOnce(file);
            if (held.isPresent()) {
                return held.get();
            }
            if (!told) {
                waiting.run();
            }
            pause(path);
        }
    }

    /**
     * Holds {@code path} alone.
     *
     * @throws UserError saying who works there, if somebody does, or that the file cannot be made
     */
    public static Exclusive alone(Path path) {
        Path file = file(path);
        for (int attempt = 1; attempt < TRIES; attempt++) {
            Optional<Exclusive> held = tryOnce(file);
            if (held.isPresent()) {
                return held.get();
            }
            pause(path);    // who held it may be about to end
        }
        return tryOnce(file).orElseThrow(() -> new UserError(path + " is in use: " + holder(file)
                + ". Wait until it has ended, or stop it, or choose another output path."));
    }

    private static void pause(Path path) {
        try {
            Thread.sleep(MILLISECONDS_BETWEEN_TRIES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted while waiting for " + path, e);
        }
    }

    private static Optional<Exclusive> tryOnce(Path file) {
        String own = "process " + ProcessHandle.current().pid() + " works here since "
                + DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS)).replace('T', ' ');
        if (HELD.putIfAbsent(file, own) != null) {
            return Optional.empty();
        }
        Optional<FileChannel> channel = Optional.empty();
        try {
            channel = lock(file, own);
            return channel.map(locked -> new Exclusive(file, locked));
        } catch (IOException e) {
            throw new UserError("cannot lock " + file + ": " + e.getMessage() + ". Check permissions and free space (df -h)", e);
        } finally {
            if (channel.isEmpty()) {
                HELD.remove(file);
            }
        }
    }

    private static Optional<FileChannel> lock(Path file, String own) throws IOException {
        Files.createDirectories(file.getParent());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            Optional<Object> opened = key(file);
            // who held a file before has deleted it: others may hold a new one
            if (channel.tryLock() != null && opened.isPresent() && opened.equals(key(file))) {
                channel.truncate(0).write(ByteBuffer.wrap(own.getBytes(StandardCharsets.UTF_8)));
                return Optional.of(channel);
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return Optional.empty();
    }

    /** What tells one file from another of the same name; empty if there is no file. */
    private static Optional<Object> key(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(attributes.fileKey() == null ? attributes.creationTime() : attributes.fileKey());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String holder(Path file) {
        String own = HELD.get(file);    // not read from the file: closing it would free the lock
        try {
            String seen = own == null ? Files.readString(file) : own;
            return seen.isEmpty() ? "another process works here" : seen;
        } catch (IOException e) {
            return "another process works here";
        }
    }

    private static Path file(Path path) {
        try {
            Path target = AtomicFiles.target(path).toAbsolutePath();
            Path directory = AtomicFiles.parent(target);
            Path parent = Files.exists(directory) ? directory.toRealPath() : directory.normalize();
            boolean within = Files.isDirectory(target) && !Files.isWritable(parent);
            return within ? target.toRealPath().resolve(".lock") : parent.resolve("." + target.getFileName() + ".lock");
        } catch (IOException e) {
            throw new UserError("cannot lock " + path + ": " + e.getMessage() + ". Check its permissions.", e);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            channel.close();
        } catch (IOException e) {
            throw new UserError("cannot free " + file + ": " + e.getMessage(), e);
        } finally {
            HELD.remove(file);
        }
    }
}
