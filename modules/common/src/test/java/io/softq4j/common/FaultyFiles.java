package io.softq4j.common;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * The real file system until its n-th change (open for writing, write, force, create, delete, rename), which fails half done.
 *
 * <p>What follows is decided by {@link Then}: this is how tests visit every state that a kill or a full disk can leave behind.
 */
public final class FaultyFiles {

    /** What happens from the failing change on. */
    public enum Then {
        /** Nothing works any more, not even cleaning up: the process is gone. */
        KILLED,
        /** Only that change fails. */
        RECOVERS,
        /** Every later write fails too; deleting and renaming work. */
        DISK_FULL
    }

    /** Thrown in a {@link Then#KILLED} process. */
    public static final class Killed extends Error {
    }

    private final long failAt;
    private final Then then;
    private final FileSystem real;
    private final FileSystem faulty = new Faulty();
    private final FileSystemProvider provider = new Provider();
    private long changes;

    private FaultyFiles(FileSystem real, long failAt, Then then) {
        this.real = real;
        this.failAt = failAt;
        this.then = then;
    }

    /** {@code path} as seen through a file system whose {@code failAt}-th change, counted from 1, fails. */
    public static Path faulty(Path path, long failAt, Then then) {
        return new FaultyFiles(path.getFileSystem(), failAt, then).wrap(path);
    }

    /** Number of changes made so far through {@code path}'s file system. */
    public static long changes(Path path) {
        return ((Faulty) path.getFileSystem()).changes();
    }

    private Path wrap(Path path) {
        if (path == null) {
            return null;
        }
        return (Path) Proxy.newProxyInstance(Path.class.getClassLoader(), new Class<?>[] {Path.class}, (proxy, method, args) -> {
            if (method.getName().equals("getFileSystem")) {
                return faulty;
            }
            Object[] plain = args == null ? null : args.clone();
            for (int i = 0; plain != null && i < plain.length; i++) {
                plain[i] = plain[i] instanceof Path p ? unwrap(p) : plain[i];
            }
            try {
                Object result = method.invoke(path, plain);
                return result instanceof Path p ? wrap(p) : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    private Path unwrap(Path path) {
        return path.getFileSystem() == faulty ? real.getPath(path.toString()) : path;
    }

    /** Says whether this change may happen; throws where it may not. */
    synchronized void change(boolean write) throws IOException {
        changes++;
        boolean fails = changes == failAt || changes > failAt && (then == Then.KILLED || then == Then.DISK_FULL && write);
        if (fails && then == Then.KILLED) {
            throw new Killed();
        }
        if (fails) {
            throw new FileSystemException("x", null, "No space left on device");
        }
    }

    private synchronized void alive() {
        if (then == Then.KILLED && changes >= failAt) {
            throw new Killed();
        }
    }

    private final class Provider extends FileSystemProvider {

        @Override
        public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            alive();
            boolean writes = options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
            if (writes) {
                change(true);
            }
            return new FaultyChannel(FileChannel.open(unwrap(path), options, attributes), FaultyFiles.this);
        }

        @Override
        public SeekableByteChannel newByteChannel(Path path,
                Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            return newFileChannel(path, options, attributes);
        }

        @Override
        public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
            change(true);
            real.provider().createDirectory(unwrap(path), attributes);
        }

        @Override
        public void delete(Path path) throws IOException {
            change(false);
            real.provider().delete(unwrap(path));
        }

        @Override
        public void move(Path from, Path to, CopyOption... options) throws IOException {
            change(false);
            real.provider().move(unwrap(from), unwrap(to), options);
        }

        @Override
        public void copy(Path from, Path to, CopyOption... options) throws IOException {
            change(true);
            real.provider().copy(unwrap(from), unwrap(to), options);
        }

        @Override
        public DirectoryStream<Path> newDirectoryStream(Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
            alive();
            DirectoryStream<Path> entries = real.provider().newDirectoryStream(unwrap(path), p -> filter.accept(wrap(p)));
            return new DirectoryStream<>() {
                @Override
                public Iterator<Path> iterator() {
                    Iterator<Path> plain = entries.iterator();
                    return new Iterator<>() {
                        @Override
                        public boolean hasNext() {
                            return plain.hasNext();
                        }

                        @Override
                        public Path next() {
                            return wrap(plain.next());
                        }
                    };
                }

                @Override
                public void close() throws IOException {
                    entries.close();
                }
            };
        }

        @Override
        public void checkAccess(Path path, AccessMode... modes) throws IOException {
            alive();
            real.provider().checkAccess(unwrap(path), modes);
        }

        @Override
        public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options) throws IOException {
            alive();
            return real.provider().readAttributes(unwrap(path), type, options);
        }

        @Override
        public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
            return real.provider().readAttributes(unwrap(path), attributes, options);
        }

        @Override
        public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
            return real.provider().getFileAttributeView(unwrap(path), type, options);
        }

        @Override
        public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
            real.provider().setAttribute(unwrap(path), attribute, value, options);
        }

        @Override
        public boolean isSameFile(Path path, Path other) throws IOException {
            return real.provider().isSameFile(unwrap(path), unwrap(other));
        }

        @Override
        public boolean isHidden(Path path) throws IOException {
            return real.provider().isHidden(unwrap(path));
        }

        @Override
        public FileStore getFileStore(Path path) throws IOException {
            return real.provider().getFileStore(unwrap(path));
        }

        @Override
        public String getScheme() {
            return "faulty";
        }

        @Override
        public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileSystem getFileSystem(URI uri) {
            return faulty;
        }

        @Override
        public Path getPath(URI uri) {
            throw new UnsupportedOperationException();
        }
    }

    private final class Faulty extends FileSystem {

        long changes() {
            return changes;
        }

        @Override
        public FileSystemProvider provider() {
            return provider;
        }

        @Override
        public Path getPath(String first, String... more) {
            return wrap(real.getPath(first, more));
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isReadOnly() {
            return false;
        }

        @Override
        public String getSeparator() {
            return real.getSeparator();
        }

        @Override
        public Iterable<Path> getRootDirectories() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Iterable<FileStore> getFileStores() {
            return real.getFileStores();
        }

        @Override
        public Set<String> supportedFileAttributeViews() {
            return real.supportedFileAttributeViews();
        }

        @Override
        public PathMatcher getPathMatcher(String pattern) {
            PathMatcher plain = real.getPathMatcher(pattern);
            return path -> plain.matches(unwrap(path));
        }

        @Override
        public UserPrincipalLookupService getUserPrincipalLookupService() {
            return real.getUserPrincipalLookupService();
        }

        @Override
        public WatchService newWatchService() {
            throw new UnsupportedOperationException();
        }
    }
}
