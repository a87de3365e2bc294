package io.softq4j.data.read;

import io.softq4j.common.UserError;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Standard input as a file of a corpus. It can be read once and a corpus is opened several times, so all of it is kept in a temporary file until the
 * program ends.
 */
public final class StandardInput {

    /** How a user writes it; a file of this name is {@code ./-}. */
    public static final String SPEC = "-";

    /** What messages and reports call it. */
    public static final String NAME = "standard input";

    private static final long PATIENCE_MS = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(StandardInput.class);

    private static Path kept;

    private StandardInput() {
    }

    /** What {@code spec} is to be called: itself, unless it stands for standard input. */
    public static String name(String spec) {
        return spec.equals(SPEC) ? NAME : spec;
    }

    /**
     * The file with all of it; the first call reads to the end.
     *
     * @param format as configured; {@link Format#AUTO} is settled by the first characters: Parquet, JSON, or else text
     */
    static synchronized CorpusFile file(Format format) {
        if (kept == null) {
            kept = keep();
        }
        return new CorpusFile(kept, NAME, format == Format.AUTO ? format(kept) : format);
    }

    private static Path keep() {
        try {
            Path file = Files.createTempFile("softq-standard-input", "");
            file.toFile().deleteOnExit();
            PushbackInputStream in = new PushbackInputStream(System.in);
            Thread teller = new Thread(StandardInput::tellOfWaiting, "standard-input");
            teller.setDaemon(true);
            teller.start();
            int first = in.read();
            teller.interrupt();
            if (first >= 0) {
                in.unread(first);
            }
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new UserError("cannot keep standard input in a temporary file: " + e.getMessage() + ". Give a file instead, or set TMPDIR.", e);
        }
    }

    /** A person who waits for softq should know that it waits for them. */
    private static void tellOfWaiting() {
        try {
            Thread.sleep(PATIENCE_MS);
            LOG.info("waiting for standard input: type or paste rows, a line each, and end with Ctrl-D; or end with Ctrl-C and give a file");
        } catch (InterruptedException e) {
            // something came
        }
    }

    private static Format format(Path file) {
        byte[] begin = new byte[64];
        int n = 0;
        try (CorpusInput input = CorpusInput.open(file, NAME)) {
            for (int read = 0; n < begin.length && read >= 0; n += Math.max(0, read)) {
                read = input.read(begin, n, begin.length - n);
            }
        } catch (IOException e) {
            throw new UserError("cannot read " + NAME + ": " + e.getMessage(), e);
        }
        String text = new String(begin, 0, n, StandardCharsets.UTF_8).replace("\uFEFF", "").stripLeading();
        return text.startsWith("PAR1") ? Format.PARQUET : text.startsWith("{") ? Format.JSONL : text.startsWith("[") ? Format.JSON : Format.TEXT;
    }
}
