package io.softq4j.evaluation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * How far gzip (level 9) shrinks the texts, one a line: bytes before over bytes after (Shaib et al. 2024, arXiv 2403.00553). High is repetitive.
 * Deflate's window of 32 KiB limits how far back it sees a repetition, and its header makes short sets look diverse.
 */
public final class CompressionRatio {

    private CompressionRatio() {
    }

    /** The ratio; empty where there is nothing but empty texts. */
    public static OptionalDouble of(List<String> texts) {
        if (texts.stream().allMatch(String::isEmpty)) {
            return OptionalDouble.empty();
        }
        byte[] plain = String.join("\n", texts).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new BestGzip(packed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return OptionalDouble.of((double) plain.length / packed.size());
    }

    private static final class BestGzip extends GZIPOutputStream {
        BestGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
