package io.softq4j.common;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Files and directories that appear whole or not at all, also when the process is killed or the disk is full: written under a temporary name beside the target,
 * forced to the disk, then renamed over it, then the parent directory forced.
 *
 * <p>An {@link IOException} of the disk (full, read-only, no permission) becomes a {@link UserError} that names the target.
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
        } catch (RuntimeException | Error e) {
            discard(temporary);
            throw e;
        }
    }

    /**
     * Makes {@code directory} hold exactly what {@code writer} puts into the directory it is given.
     * An existing directory of that name is replaced: moved aside first, deleted last. A reader that finds no {@code directory} after a crash between the two
     * renames finds the old one as {@code .NAME.old}; {@link #recover} puts it back.
     */
    public static void writeDirectory(Path directory, Writer<Path> writer) {
        recover(directory);
        Path temporary = temporary(directory);
        Path old = aside(directory);
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
            if (Files.exists(directory)) {
                Files.move(directory, old, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(temporary, directory, StandardCopyOption.ATOMIC_MOVE);
            force(parent(directory));
            delete(old);
        } catch (IOException e) {
            discard(temporary);
            throw cannotWrite(directory, e);
        } catch (RuntimeException | Error e) {
            discard(temporary);
            throw e;
        }
    }

    /** Finishes or undoes a {@link #writeDirectory} that was killed: afterwards {@code directory} is the newest whole one, if there ever was one. */
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
        return new UserError("cannot write " + target + ": " + reason(cause) + ". What was there before is unchanged. Check free space (df -h) and permissions of "
                + parent(target) + ", or choose another output path.", cause);
    }

    private static String reason(IOException e) {
        if (e instanceof java.nio.file.AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof java.nio.file.FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void discard(Path temporary) {
        try {
            delete(temporary);
        } catch (IOException ignored) {
            // the failure that brought us here is the one to report; a leftover temporary is overwritten by the next write
        }
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path temporary(Path target) {
        return target.resolveSibling("." + target.getFileName() + ".tmp");
    }

    private static Path aside(Path target) {
        return target.resolveSibling("." + target.getFileName() + ".old");
    }

    private static Path parent(Path target) {
        return target.toAbsolutePath().getParent();
    }
}
