package io.softq4j.data.read;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * A gzip file of any number of members (RFC 1952). {@link java.util.zip.GZIPInputStream} takes whatever it cannot read behind the first
 * member for padding and ends there: rows would be lost without a word.
 */
final class GzipInput extends InputStream {

    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int filled;
    private long read;
    private boolean inMember;
    private boolean ended;

    GzipInput(InputStream in) {
        this.in = in;
    }

    /** Bytes of the compressed file that were decompressed. */
    long position() {
        return read - filled + at;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /** @throws IOException if the file is damaged or cut off, at {@link #position} */
    @Override
    public int read(byte[] to, int from, int n) throws IOException {
        if (n == 0) {
            return 0;
        }
        try {
            while (!ended) {
                if (!inMember) {
                    beginMember();
                    continue;
                }
                int got = inflater.inflate(to, from, n);
                at = filled - inflater.getRemaining();
                if (got > 0) {
                    crc.update(to, from, got);
                    return got;
                }
                if (inflater.finished()) {
                    endMember();
                } else if (inflater.needsDictionary()) {
                    throw new ZipException("it needs a dictionary");
                } else {
                    require();
                    inflater.setInput(buffer, at, filled - at);
                }
            }
            return -1;
        } catch (DataFormatException e) {
            at = filled - inflater.getRemaining();
            throw new ZipException(e.getMessage() == null ? "it is no deflate stream" : e.getMessage());
        }
    }

    private void beginMember() throws IOException {
        if (!hasMore()) {
            ended = true;
            return;
        }
        int first = octet();
        if (first == 0) {
            passPadding();
            return;
        }
        if (first != 0x1F || octet() != 0x8B) {
            throw new ZipException("no gzip member begins here");
        }
        int method = octet();
        int flags = octet();
        if (method != 8 || (flags & RESERVED) != 0) {
            throw new ZipException("the header of a member is damaged");
        }
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(octet() | octet() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(2);
        }
        inflater.reset();
        crc.reset();
        inflater.setInput(buffer, at, filled - at);
        inMember = true;
    }

    /** Tapes and block devices fill the last block with zeros. */
    private void passPadding() throws IOException {
        while (hasMore()) {
            if (octet() != 0) {
                throw new ZipException("no gzip member begins here");
            }
        }
        ended = true;
    }

    private void endMember() throws IOException {
        long sum = word();
        long length = word();
        if (sum != crc.getValue()) {
            throw new ZipException("the checksum is wrong");
        }
        if (length != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
            throw new ZipException("the length is wrong");
        }
        inMember = false;
    }

    private long word() throws IOException {
        return octet() | octet() << 8 | octet() << 16 | (long) octet() << 24;
    }

    private void skip(int n) throws IOException {
        for (int i = 0; i < n; i++) {
            octet();
        }
    }

    private void skipText() throws IOException {
        while (octet() != 0) {
            continue;
        }
    }

    private int octet() throws IOException {
        require();
        return buffer[at++] & 0xFF;
    }

    private void require() throws IOException {
        if (!hasMore()) {
            throw new EOFException("the file ends inside a member; it was cut off");
        }
    }

    private boolean hasMore() throws IOException {
        if (at == filled) {
            at = 0;
            filled = Math.max(0, in.read(buffer));
            read += filled;
        }
        return at < filled;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
