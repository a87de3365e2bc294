package io.softq4j.tokens.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import io.softq4j.tokens.Nasty;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.TokenizerFiles;
import io.softq4j.tokens.huggingface.HuggingFaceTokenizer;
import io.softq4j.tokens.huggingface.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vocabularies as SmolLM2 has one are encoded on the JVM, with the library's ids. */
class DigitsAndMissingBytesTest {

    /** The bytes of U+00E9, of the emoji and of a tab, and one that no UTF-8 has. */
    private static final String MISSING = "" + ByteAlphabet.charOf(0xA9) + ByteAlphabet.charOf(0xF0) + ByteAlphabet.charOf(0x9F)
            + ByteAlphabet.charOf(9)
            + ByteAlphabet.charOf(0xC0);

    @TempDir
    Path home;

    private ObjectNode tree;

    @BeforeEach
    void train() throws IOException {
        BpeTrainer trainer = new BpeTrainer(BpeOptions.defaults().with(o -> o.vocabSize(700)));
        Nasty.texts().forEach(trainer::add);
        trainer.add("12 12 345 345 a1 a1 1b 1b 2024-12-31 2024-12-31");
        trainer.train().save(home);
        tree = (ObjectNode) Json.STRICT.readTree(home.resolve(TokenizerFiles.JSON).toFile());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void digitsAreCutFirst(boolean each) throws IOException {
        digits(each);
        assertSame(texts());
        List<String> points = new ArrayList<>();
        for (int c = 0; c < 0x20000; c += c < 0x1000 ? 1 : c < 0x3000 || c >= 0x10000 ? 5 : 37) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                String point = Character.toString(c);
                points.add("a" + point + "1 " + point + " " + point + point + "  " + point + "'s" + point);
            }
        }
        assertSame(points);
    }

    @Test
    void aLongTextWithAndWithoutDigitsTakesNoLongerThanItsLength() throws IOException {
        digits(false);
        Tokenizer ours = Tokenizers.load(home);
        for (String part : List.of("a b", "1", "   ", "\u00B21", "-")) {
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> ours.encode(part.repeat(100_000)));
        }
    }

    @Test
    void bytesWithoutATokenBecomeWhatTheLibraryMakesOfThem() throws IOException {
        withoutBytes();
        digits(true);
        for (String unknown : new String[] {null, "a"}) {
            for (boolean fuse : new boolean[] {false, true}) {
                for (boolean ignoreMerges : new boolean[] {false, true}) {
                    ((ObjectNode) tree.get("model")).put("unk_token", unknown).put("fuse_unk", fuse).put("ignore_merges", ignoreMerges);
                    write();
                    assertSame(texts());
                    assertSame(List.of("\u00e9", "\t", "a\u00e9b", "\u00e9\u00e9", "x\t\t\ty", "\ud83d\ude00\ud83d\ude00\ud83d\ude00",
                            "th\ue000e"));
                }
            }
        }
    }

    private void digits(boolean each) throws IOException {
        ObjectNode sequence = tree.putObject("pre_tokenizer").put("type", "Sequence");
        ArrayNode parts = sequence.putArray("pretokenizers");
        parts.addObject().put("type", "Digits").put("individual_digits", each);
        parts.addObject().put("type", "ByteLevel").put("add_prefix_space", false).put("trim_offsets", true).put("use_regex", true);
        write();
    }

    /** Tokens with a missing byte are taken out, and the others numbered anew. */
    private void withoutBytes() {
        ObjectNode model = (ObjectNode) tree.get("model");
        List<String> tokens = new ArrayList<>();
        model.get("vocab").fieldNames().forEachRemaining(token -> {
            if (token.chars().noneMatch(c -> MISSING.indexOf(c) >= 0)) {
                tokens.add(token);
            }
        });
        ObjectNode vocab = model.putObject("vocab");
        tokens.forEach(token -> vocab.put(token, vocab.size()));
        ArrayNode merges = (ArrayNode) model.get("merges");
        for (int i = merges.size() - 1; i >= 0; i--) {
            if (merges.get(i).asText().chars().anyMatch(c -> MISSING.indexOf(c) >= 0)) {
                merges.remove(i);
            }
        }
    }

    private void write() throws IOException {
        Files.write(home.resolve(TokenizerFiles.JSON), Json.STRICT.writeValueAsBytes(tree));
    }

    private static List<String> texts() {
        Random random = new Random(12);
        return Stream.concat(Nasty.texts().stream(), Stream.generate(() -> Nasty.random(random) + random.nextInt(1000)
                + Nasty.random(random)).limit(100)).toList();
    }

    private void assertSame(List<String> texts) {
        Tokenizer ours = Tokenizers.load(home);
        Tokenizer theirs = new HuggingFaceTokenizer(TokenizerFiles.read(home));
        assertInstanceOf(BpeTokenizer.class, ours);
        for (String text : texts) {
            int[] ids = theirs.encode(text);
            assertArrayEquals(ids, ours.encode(text), text.length() < 200 ? text : text.substring(0, 200));
            if (!theirs.decode(ids).contains("\uFFFD")) {   // of parts of characters each decoder shows as many as it sees
                assertEquals(theirs.decode(ids), ours.decode(ids));
            }
        }
    }
}
