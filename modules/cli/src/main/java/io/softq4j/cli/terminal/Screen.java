package io.softq4j.cli.terminal;

import io.softq4j.common.Visible;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * The writer that every command prints through, in UTF-8. On a terminal it shows control characters escaped ({@link Visible#text}), since most of what
 * is printed holds text of strangers; into a file or a pipe it writes exactly what it is given.
 */
public final class Screen extends PrintWriter {

    private final Escaping writer;

    private Screen(Escaping writer) {
        super(writer, true);
        this.writer = writer;
    }

    /** @param terminal whether {@code stream} is one */
    public static Screen of(OutputStream stream, boolean terminal) {
        return new Screen(new Escaping(new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8)), terminal));
    }

    /** Prints with colours: what {@code printing} prints to {@code out} meanwhile is ours, or has been escaped, and is written as it is. */
    public static <T> T trusting(PrintWriter out, Supplier<T> printing) {
        if (!(out instanceof Screen screen)) {
            return printing.get();
        }
        boolean escapes = screen.writer.escapes;
        screen.writer.escapes = false;
        try {
            return printing.get();
        } finally {
            screen.writer.escapes = escapes;
        }
    }

    /** Prints one text with colours, as {@link #trusting}. */
    public static void printTrusted(PrintWriter out, String text) {
        trusting(out, () -> out.append(text));
    }

    private static final class Escaping extends Writer {

        private final Writer inner;
        private boolean escapes;

        private Escaping(Writer inner, boolean escapes) {
            super(inner);
            this.inner = inner;
            this.escapes = escapes;
        }

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            if (escapes) {
                inner.write(Visible.text(new String(text, from, length)));
            } else {
                inner.write(text, from, length);
            }
        }

        @Override
        public void flush() throws IOException {
            inner.flush();
        }

        @Override
        public void close() throws IOException {
            inner.close();
        }
    }
}
