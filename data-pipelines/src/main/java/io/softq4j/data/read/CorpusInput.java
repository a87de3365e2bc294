package io.softq4j.data.read;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.softq4j.common.UserError;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes of a corpus file, decompressed. */
final class CorpusInput implements Closeable {

    private final String name;
    private final Compression compression;
    private final Counted counted;
    private final InputStream content;

    /** Reads {@code in}, which the messages call {@code name}. */
    CorpusInput(InputStream in, String name) {
        this.name = name;
        counted = new Counted(in);
        PushbackInputStream raw = new PushbackInputStream(counted, Compression.LONGEST_MAGIC);
        try {
            byte[] first = new byte[Compression.LONGEST_MAGIC];
            int n = raw.readNBytes(first, 0, first.length);
            raw.unread(first, 0, n);
            compression = Compression.of(first, n);
            content = switch (compression) {
                case NONE -> raw;
                case GZIP -> new GzipInput(raw);
                case ZSTD -> new ZstdInputStreamNoFinalizer(raw);
                case XZ, BZIP2, ZIP -> throw new UserError(name + " is compressed with " + compression + ", which is not read; gzip and zstd are. "
                        + "Unpack it, or pack it anew with gzip or zstd");
            };
        } catch (IOException e) {
            throw cannotRead(e);
        }
    }

    static CorpusInput open(Path file, String name) {
        requireReadable(file, name);
        InputStream in = null;
        try {
            in = Files.newInputStream(file);
            return new CorpusInput(in, name);
        } catch (IOException e) {
            throw new UserError("cannot read " + name + ": " + e.getMessage(), e);
        } catch (UserError e) {
            closeAfter(in, e);
            throw e;
        }
    }

    static void requireReadable(Path file, String name) {
        if (!Files.exists(file)) {
            throw new UserError("there is no file " + name + " (from " + Path.of("").toAbsolutePath() + ")");
        }
        if (!Files.isRegularFile(file)) {
            throw new UserError(name + " is a directory, or a device; expected a file");
        }
        if (!Files.isReadable(file)) {
            throw new UserError(name + " cannot be read: permission denied");
        }
    }

    /**
     * Up to {@code n} bytes; -1 at the end.
     *
     * @throws UserError if the file cannot be read, or its compressed form is damaged or cut off
     */
    int read(byte[] to, int from, int n) {
        try {
            return content.read(to, from, n);
        } catch (IOException e) {
            throw cannotRead(e);
        }
    }

    String name() {
        return name;
    }

    boolean compressed() {
        return compression != Compression.NONE;
    }

    /** Bytes read of the file as it lies on the disk. */
    long bytesRead() {
        return counted.bytes;
    }

    private UserError cannotRead(IOException e) {
        if (compression == null || compression == Compression.NONE) {
            return new UserError("cannot read " + name + ": " + e.getMessage(), e);
        }
        // zstd reads ahead of what it decompresses, so its place is known to a block only
        String where = content instanceof GzipInput gzip ? "at byte " + gzip.position() : "at or before byte " + counted.bytes;
        return new UserError(name + ": the " + compression + " stream is damaged or cut off " + where + " of the compressed file (" + e.getMessage()
                + "); a download that did not end is the likely cause. Check it with " + (compression == Compression.GZIP ? "gzip" : "zstd")
                + " -t and fetch it again", e);
    }

    private static void closeAfter(InputStream in, UserError error) {
        try {
            in.close();
        } catch (IOException e) {
            error.addSuppressed(e);
        }
    }

    @Override
    public void close() throws IOException {
        content.close();
    }

    private static final class Counted extends FilterInputStream {
        private long bytes;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int octet = super.read();
            bytes += octet < 0 ? 0 : 1;
            return octet;
        }

        @Override
        public int read(byte[] to, int from, int n) throws IOException {
            int got = super.read(to, from, n);
            bytes += Math.max(0, got);
            return got;
        }
    }
}
