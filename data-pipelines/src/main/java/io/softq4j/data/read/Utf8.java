package io.softq4j.data.read;

import io.softq4j.data.row.DropReason;
import io.softq4j.data.row.RowError;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Locale;

/** Checks of UTF-8 (RFC 3629) on bytes: neither copied nor decoded, and eight at a time as long as they are ASCII. */
final class Utf8 {

    /** Eight bytes of an array as a long, the first lowest. */
    static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** The highest bit of each byte, set in what is no ASCII. */
    static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {
    }

    /** Index of the first byte of {@code bytes[from..to)} that is not part of a character, or -1. */
    static int firstInvalid(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            if (i + Long.BYTES <= to && ((long) WORD.get(bytes, i) & HIGH_BITS) == 0) {
                i += Long.BYTES;
            } else if (bytes[i] >= 0) {
                i++;
            } else {
                int length = lengthAt(bytes, i, to);
                if (length == 0) {
                    return i;
                }
                i += length;
            }
        }
        return -1;
    }

    /** Bytes of the character of two or more that begins at {@code i}; 0 if none does. */
    private static int lengthAt(byte[] bytes, int i, int to) {
        int first = bytes[i] & 0xFF;
        int length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
        if (length == 0 || i + length > to) {
            return 0;
        }
        for (int k = 1; k < length; k++) {
            if ((bytes[i + k] & 0xC0) != 0x80) {
                return 0;
            }
        }
        int second = bytes[i + 1] & 0xFF;
        // neither spelled longer than needed, nor a surrogate, nor above U+10FFFF
        boolean outside = first == 0xE0 && second < 0xA0 || first == 0xED && second > 0x9F
                || first == 0xF0 && second < 0x90 || first == 0xF4 && second > 0x8F;
        return outside ? 0 : length;
    }

    /**
     * Checks a row.
     *
     * @param offset of {@code bytes[from]} in the file
     * @throws RowError if it is not UTF-8
     */
    static void require(byte[] bytes, int from, int to, CorpusInput in, long line, long offset) {
        int invalid = firstInvalid(bytes, from, to);
        if (invalid >= 0) {
            throw new RowError(DropReason.INVALID_UTF8, in.name(), line, String.format(Locale.ROOT,
                    "byte 0x%02X at offset %d of the %s is not UTF-8; the file is probably Latin-1. Convert it, for example with iconv -f LATIN1 -t UTF-8",
                    bytes[invalid], offset + invalid - from, in.compressed() ? "decompressed file" : "file"));
        }
    }
}
