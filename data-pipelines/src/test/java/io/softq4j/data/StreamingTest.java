package io.softq4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.tokens.store.TokenStore;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Corpora larger than the heap, each prepared in a Java of its own. */
class StreamingTest {

    @TempDir
    Path home;

    @Test
    void manyRowsDoNotFillTheMemory() throws Exception {
        Path corpus = home.resolve("many.jsonl");
        try (Writer out = Files.newBufferedWriter(corpus)) {
            for (int i = 0; i < 400_000; i++) {
                out.write(Rows.row(i));
                out.write('\n');
            }
        }
        assertTrue(Files.size(corpus) > 1.4 * (48 << 20), "the corpus has " + Files.size(corpus) + " bytes");
        assertPrepares(400_000, corpus, 48);
    }

    @Test
    void largeRowsOfACompressedFileDoNotFillTheMemory() throws Exception {
        Path corpus = home.resolve("large.jsonl.gz");
        try (Writer out = new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(corpus)))) {
            for (int i = 0; i < 60; i++) {
                out.write("{\"question\": \"" + i + "\", \"answer\": \"a\", \"book\": \"" + "x".repeat(8 << 20) + "\"}\n");
            }
        }
        assertPrepares(60, corpus, 256);
    }

    private void assertPrepares(int rows, Path corpus, int heapMegabytes) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + heapMegabytes + "m",
                "-cp", System.getProperty("java.class.path"), Main.class.getName(), corpus.toString(), home.resolve("out").toString())
                        .redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
        assertEquals(rows, TokenStore.open(home.resolve("out/train")).size());
    }

    /** Prepares with a tokenizer trained on the way, then reads every example. */
    static final class Main {

        private Main() {
        }

        public static void main(String[] arguments) {
            Path out = Path.of(arguments[1]);
            new Preparation(Rows.GSM8K.with(d -> d.train(List.of(arguments[0]))), TokenizerConfig.defaults().with(t -> t.vocabSize(600)),
                    Progress.NONE).run(out);
            TokenStore store = TokenStore.open(out.resolve("train"));
            long tokens = 0;
            for (long i = 0; i < store.size(); i++) {
                tokens += store.get(i).length();
            }
            if (tokens != store.tokens()) {
                throw new AssertionError(tokens + " of " + store.tokens());
            }
        }
    }
}
