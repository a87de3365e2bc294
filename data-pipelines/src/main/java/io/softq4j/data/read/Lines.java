package io.softq4j.data.read;

import java.io.Closeable;
import java.io.IOException;

/** The lines of a file as bytes, ended by LF or CRLF; one is in memory. */
final class Lines implements Closeable {

    private static final long LINE_FEEDS = 0x0A0A0A0A0A0A0A0AL;
    private static final long ONES = 0x0101010101010101L;

    private final ByteWindow window;
    private int from;
    private int to;
    private int behind;
    private long number;
    private long offset;
    private long high;
    private boolean tooLong;

    Lines(ByteWindow window) {
        this.window = window;
        behind = window.from;
    }

    /** Moves to the next line; false at the end of the file. */
    boolean next() {
        window.from = behind;
        offset = window.offset();
        high = 0;
        tooLong = false;
        int scanned = 0;
        while (true) {
            int end = lineFeed(window.from + scanned);
            if (end >= 0) {
                return take(end, end + 1);
            }
            scanned = window.to - window.from;
            if (scanned > RowSource.LONGEST_ROW) {
                tooLong = true;
                window.from = window.to;
                scanned = 0;
            }
            if (!window.more()) {
                behind = window.to;
                return (scanned > 0 || tooLong) && take(window.to, window.to);
            }
        }
    }

    private boolean take(int end, int next) {
        from = window.from;
        to = end > from && window.bytes[end - 1] == '\r' ? end - 1 : end;
        behind = next;
        number++;
        tooLong |= to - from > RowSource.LONGEST_ROW;
        return true;
    }

    /** Index of the first LF from {@code i} on, or -1; notes on the way whether all is ASCII. */
    private int lineFeed(int i) {
        byte[] bytes = window.bytes;
        int end = window.to;
        long seen = 0;
        int at = i;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long word = (long) Utf8.WORD.get(bytes, at);
            long differs = word ^ LINE_FEEDS;
            // the lowest bit set is that of the first zero byte (Warren, Hacker's Delight, 6-1)
            long zero = (differs - ONES) & ~differs & Utf8.HIGH_BITS;
            if (zero != 0) {
                int bits = Long.numberOfTrailingZeros(zero) - 7;
                high |= seen | (bits == 0 ? 0 : word & (-1L >>> (Long.SIZE - bits)));
                return at + (bits >>> 3);
            }
            seen |= word;
        }
        high |= seen;
        for (; at < end; at++) {
            if (bytes[at] == '\n') {
                return at;
            }
            high |= bytes[at];
        }
        return -1;
    }

    /** Whether every byte of the line is ASCII. */
    boolean ascii() {
        return (high & Utf8.HIGH_BITS) == 0;
    }

    /** Whether it is longer than {@link RowSource#LONGEST_ROW}; its bytes are gone then. */
    boolean tooLong() {
        return tooLong;
    }

    boolean blank() {
        byte[] bytes = window.bytes;
        for (int i = from; i < to; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    /** The line is {@code bytes()[from()..to())}, until {@link #next}. */
    byte[] bytes() {
        return window.bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** From 1, blank ones counted. */
    long number() {
        return number;
    }

    /** Of its first byte in the file, in its decompressed form. */
    long offset() {
        return offset;
    }

    CorpusInput in() {
        return window.in();
    }

    /** @throws io.softq4j.data.row.RowError if the line is not UTF-8 */
    void requireUtf8() {
        if (!ascii()) {
            Utf8.require(bytes(), from, to, in(), number, offset);
        }
    }

    @Override
    public void close() throws IOException {
        window.close();
    }
}
