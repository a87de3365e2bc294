package io.softq4j.data.read;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Compressed forms of bytes. */
enum Packed {
    PLAIN, GZIP, GZIP_MEMBERS, ZSTD, ZSTD_FRAMES;

    /** Bytes of a member or frame, where there are many. */
    private static final int PART = 5000;

    byte[] of(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        switch (this) {
            case PLAIN -> out.write(bytes);
            case GZIP -> gzip(out, bytes, 0, bytes.length);
            case ZSTD -> out.write(Zstd.compress(bytes));
            case GZIP_MEMBERS -> {
                for (int from = 0; from < bytes.length; from += PART) {
                    gzip(out, bytes, from, Math.min(PART, bytes.length - from));
                }
            }
            case ZSTD_FRAMES -> {
                // a frame that is to be passed over comes first: magic, length, contents
                out.write(new byte[] {0x53, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 'a', 'b', 'c'});
                for (int from = 0; from < bytes.length; from += PART) {
                    out.write(Zstd.compress(Arrays.copyOfRange(bytes, from, Math.min(from + PART, bytes.length))));
                }
            }
        }
        return out.toByteArray();
    }

    private static void gzip(ByteArrayOutputStream out, byte[] bytes, int from, int n) throws IOException {
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes, from, n);
        }
    }
}
