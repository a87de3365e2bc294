package io.softq4j.tokens.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.tokens.Nasty;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.TokenizerFiles;
import io.softq4j.tokens.huggingface.HuggingFaceTokenizer;
import io.softq4j.tokens.huggingface.Tokenizers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class BpeTrainerTest {

    private static final BpeOptions OPTIONS = BpeOptions.defaults();

    @TempDir
    Path home;

    @Test
    void mergesAreThoseOfRecountingEveryPairAfterEveryMerge() throws IOException {
        List<String> corpus = new ArrayList<>(Nasty.texts().subList(0, 400));
        corpus.removeIf(text -> text.length() > 600);
        corpus.add("aaa aaaa aaaaa ababab abcabc bcabca the other there these then");
        BpeTokenizer trained = train(corpus, OPTIONS.with(o -> o.vocabSize(257 + 300)));
        assertEquals(recounted(corpus, 300), mergesOf(trained));
    }

    @Test
    void theOrderOfTheCorpusDoesNotMatter() throws IOException {
        List<String> corpus = new ArrayList<>(Nasty.texts());
        String first = savedBy(train(corpus, OPTIONS.with(o -> o.vocabSize(1000))));
        Collections.shuffle(corpus, new Random(1));
        assertEquals(first, savedBy(train(corpus, OPTIONS.with(o -> o.vocabSize(1000)))));
    }

    @Test
    void equallyFrequentPairsAreMergedLowestIdsFirst() throws IOException {
        // zy, xw, ba once a line each: the bytes' ids rise with the alphabet
        BpeTokenizer trained = train(List.of("zy", "xw", "ba", "zy", "xw", "ba"), OPTIONS.with(o -> o.vocabSize(260)));
        assertEquals(List.of("b a", "x w", "z y"), mergesOf(trained));
        assertEquals(257, trained.idOf("ba").orElseThrow());
    }

    @Test
    void aCorpusTooSmallStopsEarlyAndSaysSo() {
        ListAppender<ILoggingEvent> seen = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(BpeTrainer.class);
        seen.start();
        logger.addAppender(seen);
        BpeTokenizer trained = train(List.of("ab ab"), OPTIONS.with(o -> o.vocabSize(5000)));
        logger.detachAppender(seen);
        assertEquals(258, trained.vocabularySize());
        assertEquals("The corpus is too small for vocab_size 5000: no pair of tokens occurs 2 times any more; the vocabulary has 258 "
                + "tokens.",
                seen.list.get(0).getFormattedMessage());
    }

    @Test
    void specialTokensInTheCorpusAreNeverLearnedAsText() throws IOException {
        BpeTokenizer trained = train(Collections.nCopies(50, "x<|endoftext|>y"), OPTIONS.with(o -> o.vocabSize(400)));
        assertEquals(List.of(), mergesOf(trained));
        assertEquals(0, trained.eosId());
        assertArrayEquals(new int[] {trained.idOf("x").orElseThrow(), 0, trained.idOf("y").orElseThrow()},
                trained.encode("x<|endoftext|>y"));
    }

    @Test
    void anEmptyCorpusStillGivesTheBytes() {
        BpeTokenizer bytes = train(List.of(), OPTIONS);
        assertEquals(257, bytes.vocabularySize());
        assertEquals("é😀\u0000", bytes.decode(bytes.encode("é😀\u0000")));
        assertEquals("é😀".getBytes(StandardCharsets.UTF_8).length, bytes.encode("é😀").length);
    }

    @Test
    void howManyThreadsAddDoesNotMatter() throws IOException {
        List<String> corpus = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            corpus.addAll(Nasty.texts());   // several batches
        }
        String first = savedBy(train(corpus, OPTIONS.with(o -> o.vocabSize(1000))));
        BpeTrainer trainer = new BpeTrainer(OPTIONS.with(o -> o.vocabSize(1000)));
        corpus.parallelStream().forEach(trainer::add);
        assertEquals(first, savedBy(trainer.train()));
    }

    @Test
    void withNfcALetterAndItsAccentAreOneHoweverTheyWereTyped() throws IOException {
        BpeOptions nfc = OPTIONS.with(o -> o.nfc(true).vocabSize(260));
        BpeTokenizer composed = train(Collections.nCopies(9, "\u00e9"), nfc);
        String saved = savedBy(train(Collections.nCopies(9, "e\u0301"), nfc));
        assertEquals(savedBy(composed), saved);
        assertTrue(saved.contains("\"type\" : \"NFC\""));
        Tokenizer loaded = Tokenizers.load(home);
        assertInstanceOf(BpeTokenizer.class, loaded);
        assertArrayEquals(composed.encode("\u00e9"), loaded.encode("e\u0301"));
        assertArrayEquals(new HuggingFaceTokenizer(TokenizerFiles.read(home)).encode("e\u0301"), loaded.encode("e\u0301"));
        assertEquals("\u00e9", loaded.decode(loaded.encode("e\u0301")));
        assertFalse(savedBy(train(List.of(), OPTIONS)).contains("NFC"));
    }

    @Test
    void aPairRarerThanTheMinimumIsNotMerged() throws IOException {
        List<String> corpus = List.of("ab", "ab", "ab", "xy", "xy");
        assertEquals(List.of("a b", "x y"),
                mergesOf(train(corpus, BpeOptions.defaults().with(o -> o.vocabSize(400).specialTokens(List.of("<s>")).modelMaxLength(8)))));
        assertEquals(List.of("a b"),
                mergesOf(train(corpus, BpeOptions.defaults().with(o -> o.vocabSize(400).minFrequency(3).specialTokens(List.of("<s>"))
                        .modelMaxLength(8)))));
    }

    @Test
    void severalSpecialTokensTakeTheFirstIdsInTheirOrder() {
        BpeTokenizer trained = train(List.of("a<pad>b</s>a<pad>b"), OPTIONS.with(o -> o.specialTokens(List.of("</s>", "<pad>", "<s>"))));
        assertArrayEquals(new int[] {2, 0, 1}, trained.encode("<s></s><pad>"));
        assertEquals(0, trained.eosId());
        assertTrue(trained.idOf("pad").isEmpty());
    }

    @Test
    void beyondTheLimitTheRarestPiecesAreForgottenAndItIsSaid() throws IOException {
        ListAppender<ILoggingEvent> seen = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(PieceCounter.class);
        seen.start();
        logger.addAppender(seen);
        BpeTrainer trainer = new BpeTrainer(OPTIONS.with(o -> o.vocabSize(300)), 10);
        for (int i = 0; i < 5; i++) {
            trainer.add("often");
        }
        for (char c = 'a'; c <= 'z'; c++) {
            trainer.add(c + "q");
        }
        List<String> merges = mergesOf(trainer.train());
        logger.detachAppender(seen);
        assertEquals(4, merges.size(), merges::toString);
        assertEquals("The corpus has more than 10 distinct pieces: of 27 held so far, those seen 1 times or less were forgotten, 1 "
                + "are left.",
                seen.list.get(0).getFormattedMessage());
    }

    @Test
    void optionsOutOfRangeAreNamed() {
        assertMessage("vocab_size must be at least 257 (1 special tokens and 256 bytes), was 100", () -> OPTIONS
                .with(o -> o.vocabSize(100)));
        assertMessage("min_frequency must be at least 1, was 0",
                () -> BpeOptions.defaults().with(o -> o.vocabSize(300).minFrequency(0).specialTokens(List.of("<s>")).modelMaxLength(8)));
        assertMessage("special_tokens is empty; the first special token ends a response (EOS), for example <|endoftext|>",
                () -> BpeOptions.defaults().with(o -> o.vocabSize(300).minFrequency(1).specialTokens(List.of()).modelMaxLength(8)));
        assertMessage("special_tokens names a token twice: [<s>, <s>]",
                () -> BpeOptions.defaults().with(o -> o.vocabSize(300).minFrequency(1).specialTokens(List.of("<s>", "<s>"))
                .modelMaxLength(8)));
        assertMessage("special token \"a\" must be two or more printable ASCII characters without spaces, such as <|endoftext|>",
                () -> BpeOptions.defaults().with(o -> o.vocabSize(300).minFrequency(1).specialTokens(List.of("a")).modelMaxLength(8)));
    }

    private static void assertMessage(String expected, Executable action) {
        assertEquals(expected, assertThrows(UserError.class, action).getMessage());
    }

    private static BpeTokenizer train(List<String> corpus, BpeOptions options) {
        BpeTrainer trainer = new BpeTrainer(options);
        corpus.forEach(trainer::add);
        return trainer.train();
    }

    private String savedBy(Tokenizer tokenizer) throws IOException {
        tokenizer.save(home);
        return Files.readString(home.resolve("tokenizer.json"));
    }

    private List<String> mergesOf(Tokenizer tokenizer) throws IOException {
        List<String> merges = new ArrayList<>();
        Json.STRICT.readTree(savedBy(tokenizer)).get("model").get("merges").forEach(m -> merges.add(m.asText()));
        return merges;
    }

    /** BPE training as the paper's listing does it: on lists of strings, everything counted anew for each merge. */
    private static List<String> recounted(List<String> corpus, int newTokens) {
        Map<String, Integer> ids = new HashMap<>();
        ids.put("<|endoftext|>", 0);
        for (char c : ByteAlphabet.sorted()) {
            ids.put(String.valueOf(c), ids.size());
        }
        List<List<String>> words = new ArrayList<>();
        for (String text : corpus) {
            for (String part : text.split("<\\|endoftext\\|>")) {
                for (String piece : PreTokenizerTest.pieces(PreTokenizer.GPT2, part)) {
                    List<String> word = new ArrayList<>();
                    for (byte b : piece.getBytes(StandardCharsets.UTF_8)) {
                        word.add(String.valueOf(ByteAlphabet.charOf(b & 0xFF)));
                    }
                    words.add(word);
                }
            }
        }
        List<String> merges = new ArrayList<>();
        int goal = ids.size() + newTokens;
        while (ids.size() < goal) {
            Map<List<String>, Integer> counts = new HashMap<>();
            for (List<String> word : words) {
                for (int i = 0; i + 1 < word.size(); i++) {
                    counts.merge(List.of(word.get(i), word.get(i + 1)), 1, Integer::sum);
                }
            }
            List<String> best = counts.entrySet().stream().filter(e -> e.getValue() >= 2)
                    .min(Map.Entry.<List<String>, Integer>comparingByValue().reversed()
                            .thenComparing(e -> ids.get(e.getKey().get(0))).thenComparing(e -> ids.get(e.getKey().get(1))))
                    .map(Map.Entry::getKey).orElseThrow();
            String spelled = best.get(0) + best.get(1);
            merges.add(best.get(0) + " " + best.get(1));
            ids.putIfAbsent(spelled, ids.size());
            for (List<String> word : words) {
                for (int i = 0; i + 1 < word.size(); i++) {
                    if (word.get(i).equals(best.get(0)) && word.get(i + 1).equals(best.get(1))) {
                        word.set(i, spelled);
                        word.remove(i + 1);
                    }
                }
            }
        }
        return merges;
    }
}
