package io.softq4j.data.read;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Files too long to write down. */
final class Endless {

    private Endless() {
    }

    /** {@code before}, {@code n} times x, {@code behind}. */
    static InputStream then(String before, long n, String behind) {
        return new SequenceInputStream(Collections.enumeration(List.of(text(before), new Same(n), text(behind))));
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static final class Same extends InputStream {
        private long left;

        Same(long n) {
            left = n;
        }

        @Override
        public int read() {
            return left-- > 0 ? 'x' : -1;
        }

        @Override
        public int read(byte[] to, int from, int n) {
            int got = (int) Math.min(n, left);
            Arrays.fill(to, from, from + got, (byte) 'x');
            left -= got;
            return got == 0 ? -1 : got;
        }
    }
}
