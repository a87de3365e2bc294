package io.softq4j.data.read;

import io.softq4j.common.UserError;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * The part of a file that is in memory: {@code bytes[from..to)}. A reader looks for the end of a row behind {@code from}, calls
 * {@link #more} as long as it is not there, takes the row out of the array, and moves {@code from} behind it.
 */
final class ByteWindow implements Closeable {

    private static final int FIRST_SIZE = 1 << 16;

    private final CorpusInput in;
    byte[] bytes = new byte[FIRST_SIZE];
    int from;
    int to;
    private long before;

    /**
     * Begins behind the byte order mark, if there is one.
     *
     * @throws UserError if the mark is that of UTF-16
     */
    ByteWindow(CorpusInput in) {
        this.in = in;
        while (to < 3 && more()) {
            continue;
        }
        if (to >= 2 && (octet(0) == 0xFE && octet(1) == 0xFF || octet(0) == 0xFF && octet(1) == 0xFE)) {
            throw new UserError(String.format(Locale.ROOT,
                    "%s:1: the file begins with the bytes 0x%02X 0x%02X, the byte order mark of UTF-16; expected UTF-8. "
                    + "Convert it, for example with iconv -f UTF-16 -t UTF-8", in.name(), octet(0), octet(1)));
        }
        if (to >= 3 && octet(0) == 0xEF && octet(1) == 0xBB && octet(2) == 0xBF) {
            from = 3;
        }
    }

    private int octet(int i) {
        return bytes[i] & 0xFF;
    }

    /**
     * Reads more behind {@code to}; what lies before {@code from} is given up, so both move.
     *
     * @return false at the end of the file
     */
    boolean more() {
        if (from > 0) {
            System.arraycopy(bytes, from, bytes, 0, to - from);
            before += from;
            to -= from;
            from = 0;
        }
        if (to == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(2 * bytes.length, RowSource.LONGEST_ROW + FIRST_SIZE));
        }
        int got = in.read(bytes, to, bytes.length - to);
        to += Math.max(0, got);
        return got > 0;
    }

    /** Where {@code bytes[from]} lies in the file, in its decompressed form. */
    long offset() {
        return before + from;
    }

    CorpusInput in() {
        return in;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
