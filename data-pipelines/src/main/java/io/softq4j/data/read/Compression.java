package io.softq4j.data.read;

import java.util.Locale;

/** What a file is compressed with, told by its first bytes: names lie, and a download may have been unpacked on its way. */
enum Compression {
    GZIP(0x1F, 0x8B),
    ZSTD(0x28, 0xB5, 0x2F, 0xFD),
    /** Not read. */
    XZ(0xFD, '7', 'z', 'X', 'Z', 0),
    /** Not read. */
    BZIP2('B', 'Z', 'h'),
    /** Not read. */
    ZIP('P', 'K', 3, 4),
    NONE;

    static final int LONGEST_MAGIC = 6;

    private final int[] magic;

    Compression(int... magic) {
        this.magic = magic;
    }

    /** Of a file that begins with the first {@code length} of {@code bytes}. */
    static Compression of(byte[] bytes, int length) {
        for (Compression compression : values()) {
            if (compression != NONE && compression.begins(bytes, length)) {
                return compression;
            }
        }
        return skippableZstdFrame(bytes, length) ? ZSTD : NONE;
    }

    /** RFC 8878, 3.1.2: what some writers put before the data. */
    private static boolean skippableZstdFrame(byte[] b, int length) {
        return length >= 4 && (b[0] & 0xF0) == 0x50 && b[1] == 0x2A && b[2] == 0x4D && b[3] == 0x18;
    }

    private boolean begins(byte[] bytes, int length) {
        if (length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
