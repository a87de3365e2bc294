package io.softq4j.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Streams;
import io.softq4j.data.read.CorpusFile;
import io.softq4j.data.read.CorpusFiles;
import io.softq4j.data.read.Format;
import io.softq4j.data.read.ReadOptions;
import io.softq4j.data.read.RowSource;
import io.softq4j.data.read.RowSources;
import io.softq4j.data.row.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Texts to measure on.
 *
 * @param texts two for each row of a corpus: a prompt and what follows it
 * @param bytes of all of them, in UTF-8
 */
record DataTexts(List<String> texts, long bytes) {

    private static final long SEED = 20240902;

    DataTexts {
        texts = List.copyOf(texts);
    }

    /** The texts of a corpus, repeated until there are {@code least} bytes; made up where there is no corpus. */
    static DataTexts of(List<String> corpus, long least) {
        List<String> once = corpus.isEmpty() ? words(least) : read(corpus);
        List<String> texts = new ArrayList<>();
        long bytes = 0;
        while (bytes < least) {
            for (int i = 0; i + 1 < once.size() && bytes < least; i += 2) {
                texts.add(once.get(i));
                texts.add(once.get(i + 1));
                bytes += utf8(once.get(i)) + utf8(once.get(i + 1));
            }
        }
        return new DataTexts(texts, bytes);
    }

    private static long utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static List<String> read(List<String> corpus) {
        List<String> texts = new ArrayList<>();
        for (CorpusFile file : CorpusFiles.find(corpus, Format.AUTO)) {
            try (RowSource rows = RowSources.open(file, ReadOptions.of(List.of()))) {
                for (Row row = rows.next(); row != null; row = rows.next()) {
                    addTexts(row.object(), texts);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        if (texts.size() % 2 == 1) {
            texts.add("");
        }
        return texts;
    }

    private static void addTexts(JsonNode node, List<String> texts) {
        if (node.isTextual()) {
            texts.add(node.textValue());
        } else {
            node.forEach(child -> addTexts(child, texts));
        }
    }

    /** Sentences of made-up words; the word of rank r is used in proportion to 1 / r (Zipf), and new ones keep coming, as in a language. */
    private static List<String> words(long bytes) {
        SplittableRandom random = Streams.of("benchmark's corpus", SEED);
        List<String> texts = new ArrayList<>();
        long made = 0;
        while (made < bytes) {
            StringBuilder text = new StringBuilder();
            int words = 20 + random.nextInt(60);
            for (int i = 0; i < words; i++) {
                text.append(i == 0 ? "" : random.nextInt(12) == 0 ? ", " : " ").append(random.nextInt(15) == 0 ? Integer.toString(random.nextInt(2000))
                        : word((long) Math.exp(random.nextDouble() * Math.log(5_000_000))));
            }
            texts.add(text.append('.').toString());
            made += text.length();
        }
        return texts;
    }

    private static String word(long rank) {
        String consonants = "bcdfghjklmnprstvw";
        String vowels = "aeiou";
        StringBuilder word = new StringBuilder();
        for (long rest = rank; rest > 0 || word.isEmpty(); rest /= 85) {
            word.append(consonants.charAt((int) (rest % 85 / 5))).append(vowels.charAt((int) (rest % 5)));
        }
        return word.toString();
    }
}
