package io.softq4j.common;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Files and directories that appear whole or not at all, also when the process is killed or the disk is full: written under a
 * temporary name beside the target, forced to the disk, then renamed over it, then the parent directory forced.
 *
 * <p>The temporary name is a function of the target, so that what a killed process left is replaced by the next write; hence one
 * writer at a time for one target. An {@link IOException} of the disk (full, read-only, no permission), unchecked or not, becomes a
 * {@link UserError} that names the target.
 */
public final class AtomicFiles {

    /** Writes content to a stream or into a directory. */
    @FunctionalInterface
    public interface Writer<T> {
        void write(T target) throws IOException;
    }

    private AtomicFiles() {
    }

    /** Writes {@code text} as UTF-8. */
    public static void writeString(Path file, String text) {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Replaces {@code file} by what {@code writer} writes; on failure the old file stays as it was. */
    public static void write(Path file, Writer<OutputStream> writer) {
        Path temporary = temporary(file);
        try {
            Files.createDirectories(parent(file));
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                OutputStream out = new java.io.BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
                writer.write(out);
                out.flush();
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            force(parent(file));
        } catch (IOException e) {
            discard(temporary);
            throw cannotWrite(file, e);
        } catch (UncheckedIOException e) {
            discard(temporary);
            throw cannotWrite(file, e.getCause());
        } catch (RuntimeException | Error e) {
            discard(temporary);
            throw e;
        }
    }

    /**
     * Makes {@code directory} hold exactly what {@code writer} puts into the directory it is given.
     * An existing directory of that name is replaced: moved aside first, deleted last; the caller has made sure that it is one of its
     * own. A reader that finds no {@code directory} after a crash between the two renames finds the old one as {@code .NAME.old};
     * {@link #recover} puts it back.
     *
     * @throws UserError if {@code directory} is a file, or the disk refuses
     */
    public static void writeDirectory(Path directory, Writer<Path> writer) {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new UserError("cannot write " + directory + ": it is a file, a directory is needed. Move it away or choose another output path.");
        }
        recover(directory);
        Path temporary = temporary(directory);
        try {
            Files.createDirectories(parent(directory));
            delete(temporary);
            Files.createDirectory(temporary);
            writer.write(temporary);
            try (var files = Files.walk(temporary)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    force(file);
                }
            }
            replace(directory, temporary);
        } catch (IOException e) {
            discard(temporary);
            throw cannotWrite(directory, e);
        } catch (UncheckedIOException e) {
            discard(temporary);
            throw cannotWrite(directory, e.getCause());
        } catch (RuntimeException | Error e) {
            discard(temporary);
            throw e;
        }
    }

    private static void replace(Path directory, Path temporary) throws IOException {
        Path old = aside(directory);
        boolean replaces = Files.exists(directory);
        if (replaces) {
            Files.move(directory, old, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            Files.move(temporary, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (replaces) {
                Files.move(old, directory, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
        force(parent(directory));
        discard(old);
    }

    /**
     * Finishes or undoes a {@link #writeDirectory} that was killed: afterwards {@code directory} is the newest whole one, if there ever
     * was one. Not to be called while another process writes it.
     */
    public static void recover(Path directory) {
        Path old = aside(directory);
        try {
            if (Files.exists(old)) {
                if (Files.exists(directory)) {
                    delete(old);
                } else {
                    Files.move(old, directory, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        } catch (IOException e) {
            throw cannotWrite(directory, e);
        }
    }

    /** Deletes a file or a directory with all it holds; nothing happens where there is none. */
    public static void delete(Path path) throws IOException {
        if (!Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static UserError cannotWrite(Path target, IOException cause) {
        return new UserError("cannot write " + target + ": " + reason(cause) + ". What was there before is unchanged. "
                + "Check free space (df -h) and permissions of " + parent(target) + ", or choose another output path.", cause);
    }

    private static String reason(IOException e) {
        if (e instanceof java.nio.file.AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException missing) {
            return "no such file: " + missing.getFile();
        }
        if (e instanceof java.nio.file.FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void discard(Path leftover) {
        try {
            delete(leftover);
        } catch (IOException ignored) {
            // what is left is deleted by the next write; the failure that brought us here, if any, is the one to report
        }
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path temporary(Path target) {
        return parent(target).resolve("." + name(target) + ".tmp");
    }

    private static Path aside(Path target) {
        return parent(target).resolve("." + name(target) + ".old");
    }

    private static Path parent(Path target) {
        return target.toAbsolutePath().normalize().getParent();
    }

    private static Path name(Path target) {
        return target.toAbsolutePath().normalize().getFileName();
    }
}
