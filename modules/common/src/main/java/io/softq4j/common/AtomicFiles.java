package io.softq4j.common;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * Files and directories that appear whole or not at all, also when the process is killed or the disk is full: written under a temporary
 * name beside the target, forced to the disk, then renamed over it, then the parent directory forced. One writer at a time for each target.
 *
 * <p>A symbolic link is followed and stays a link. A device, a pipe, a socket or an open file of this process (/dev/stdout) is written
 * into, never replaced. Whether something may be replaced at all is for {@link Output} to say.
 *
 * <p>An {@link IOException} of the disk (full, read-only, no permission) becomes a {@link UserError} that names the target.
 */
public final class AtomicFiles {

    /** Writes content to a stream or into a directory. */
    @FunctionalInterface
    public interface Writer<T> {
        void write(T target) throws IOException;
    }

    private static final int MOST_LINKS = 40;    // as Linux

    private AtomicFiles() {
    }

    /** Writes {@code text} as UTF-8. */
    public static void writeString(Path file, String text) {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Replaces {@code file} by what {@code writer} writes; on failure the old file stays as it was. */
    public static void write(Path file, Writer<OutputStream> writer) {
        if (Sinks.isSink(file)) {
            writeInto(file, writer);
            return;
        }
        Path target = target(file);
        Path temporary = temporary(target);
        try {
            createParent(target);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
                writer.write(out);
                out.flush();
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            force(parent(target));
        } catch (IOException e) {
            discard(temporary);
            throw cannotWrite(file, e);
        } catch (UncheckedIOException e) {
            discard(temporary);
            throw cannotWrite(file, Objects.requireNonNull(e.getCause()));
        } catch (RuntimeException | Error e) {
            discard(temporary);
            throw e;
        }
    }

    private static void writeInto(Path stream, Writer<OutputStream> writer) {
        try (OutputStream out = new BufferedOutputStream(Sinks.open(stream), 1 << 16)) {
            writer.write(out);
        } catch (IOException e) {
            throw new UserError("cannot write into " + stream + ": " + reason(e) + ". Whoever reads there may have ended.", e);
        }
    }

    /**
     * Makes {@code directory} hold exactly what {@code writer} puts into the directory it is given.
     * An existing directory of that name is replaced: moved aside first, deleted last, put back when the new one cannot take its place. A
     * reader that finds no {@code directory} after a crash between the two renames finds the old one as {@code .NAME.old}; {@link #recover}
     * puts it back.
     */
    public static void writeDirectory(Path directory, Writer<Path> writer) {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new UserError("cannot write " + directory + ": it is a file, a directory is needed. Move it away or choose another "
                    + "output path.");
        }
        recover(directory);
        Path target = target(directory);
        Path temporary = temporary(target);
        try {
            createParent(target);
            delete(temporary);
            Files.createDirectory(temporary);
            writer.write(temporary);
            forceTree(temporary);
            replace(target, temporary);
            force(parent(target));
        } catch (IOException e) {
            discard(temporary);
            throw cannotWrite(directory, e);
        } catch (UncheckedIOException e) {
            discard(temporary);
            throw cannotWrite(directory, Objects.requireNonNull(e.getCause()));
        } catch (NotWritten e) {
            discard(temporary);
            throw e.target.startsWith(temporary) ? cannotWrite(directory, (IOException) Objects.requireNonNull(e.getCause())) : e;
        } catch (RuntimeException | Error e) {
            discard(temporary);
            throw e;
        }
        discard(aside(target));
    }

    private static void replace(Path directory, Path temporary) throws IOException {
        Path old = aside(directory);
        boolean existed = Files.exists(directory, LinkOption.NOFOLLOW_LINKS);
        if (existed) {
            Files.move(directory, old, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            Files.move(temporary, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (existed) {
                Files.move(old, directory, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
    }

    /**
     * Finishes or undoes a {@link #writeDirectory} that was killed: afterwards {@code directory} is the newest whole one, if there ever was
     * one.
     */
    public static void recover(Path directory) {
        Path target = target(directory);
        Path old = aside(target);
        try {
            if (Files.exists(old)) {
                if (Files.exists(target)) {
                    delete(old);
                } else {
                    Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        } catch (IOException e) {
            throw cannotWrite(directory, e);
        }
    }

    /** Deletes a file or a directory with all it holds; nothing happens where there is none. */
    public static void delete(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
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

    private static NotWritten cannotWrite(Path target, IOException cause) {
        return new NotWritten(target, cause);
    }

    /** Knows its target, so that a failure inside a directory being written names that directory and not its temporary. */
    private static final class NotWritten extends UserError {

        private final transient Path target;

        NotWritten(Path target, IOException cause) {
            super("cannot write " + target + ": " + reason(cause) + ". What was there before is unchanged. Check free space (df -h) and"
                    + " permissions of " + parent(target) + ", or choose another output path.", cause);
            this.target = target;
        }
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException f) {
            return f.getFile() + " is in the way";
        }
        if (e instanceof NoSuchFileException f) {
            return f.getFile() + " does not exist";
        }
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void discard(Path temporary) {
        try {
            delete(temporary);
        } catch (IOException ignored) {
            // what was asked for is done, or its own failure is the one to report; the next write or recover removes what is left
        }
    }

    /** Files before the directories that name them. */
    private static void forceTree(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                force(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                force(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Creates the parent directories; a symbolic link to a directory is one (JDK 17's createDirectories refuses it). */
    private static void createParent(Path target) throws IOException {
        if (!Files.isDirectory(parent(target))) {
            Files.createDirectories(parent(target));
        }
    }

    private static void force(Path path) throws IOException {
        if (File.separatorChar == '\\' && Files.isDirectory(path)) {
            return; // Windows opens no directories, and NTFS journals renames itself
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Where a write to {@code path} goes: to the end of its symbolic links, which need not exist.
     *
     * @throws UserError if there is no end, or {@code path} names no file that could be replaced
     */
    static Path target(Path path) {
        try {
            Path target = path;
            for (int links = 0; Files.isSymbolicLink(target); links++) {
                if (links == MOST_LINKS) {
                    throw new UserError("cannot write " + path + ": its symbolic links lead around in a circle. Remove them or choose "
                            + "another path.");
                }
                target = target.resolveSibling(Files.readSymbolicLink(target));
            }
            String name = target.getFileName() == null ? "" : target.getFileName().toString();
            target = name.isEmpty() || name.equals(".") || name.equals("..") ? target.toRealPath() : target;
            if (target.getFileName() == null) {
                throw new UserError("cannot write " + path + ": it is the root directory. Choose another output path.");
            }
            return target;
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
    }

    private static Path temporary(Path target) {
        return target.resolveSibling("." + target.getFileName() + ".tmp");
    }

    private static Path aside(Path target) {
        return target.resolveSibling("." + target.getFileName() + ".old");
    }

    /** The directory that {@code target} lies in; a root lies in itself. */
    static Path parent(Path target) {
        Path absolute = target.toAbsolutePath();
        return Objects.requireNonNullElse(absolute.getParent(), absolute);
    }
}
