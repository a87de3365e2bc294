package io.softq4j.tokens.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.TokenizerFiles;
import io.softq4j.tokens.huggingface.HuggingFaceTokenizer;
import io.softq4j.tokens.huggingface.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A regular expression that exhausts the library's matcher is an error of the row, and not the end of the process. */
class BacktrackingTest {

    @TempDir
    Path home;

    @ParameterizedTest
    @EnumSource
    void theUsualExpressionsAreSafeOnAnyRowThatIsNotHuge(PreTokenizer cut) {
        assertTrue(Backtracking.of(cut.expression()).isSafe(50_000), cut.expression());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\s+", "[0-9]", " {2,}", "\\p{N}{1,3}", "[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| "
            + "?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+", "[\\]a]+b",
        "(?:'s|'t)?x", "(?i:a)(?!b)", "a+?b", "a*+b", "[[:alpha:]]+x"})
    void whatCannotGiveBackMuchIsSafe(String expression) {
        assertTrue(Backtracking.of(expression).isSafe(50_000), expression);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a+)+b", "(a|aa)*c", "(?:a?){50}b", "a*a*a*a*b", "(.*)\\1", "(?<x>a)+", "((a)", "a**b", "a{2}{3,}b",
            "(?>(a+)*)b"})
    void whatMayGiveBackWithoutEndIsNot(String expression) {
        assertFalse(Backtracking.of(expression).isSafe(50_000), expression);
    }

    @ParameterizedTest
    @CsvSource({"\\s+(?!\\S), 1", " ?[^\\s]+[\\r\\n]*, 0", "a*b*c, 2", "a+b+, 1", "(a+|b)c, 1"})
    void repetitionsThatSomethingMustFollowAreCounted(String expression, int exponent) {
        assertEquals(exponent, Backtracking.of(expression).exponent());
    }

    @Test
    void aMatcherThatIsExhaustedIsAnErrorAndTheNextTextIsEncoded() throws IOException {
        BpeTrainer trainer = new BpeTrainer(BpeOptions.defaults().with(o -> o.vocabSize(300)));
        trainer.add("aaaa aaab b a");
        Tokenizer trained = trainer.train();
        trained.save(home);
        ObjectNode tree = (ObjectNode) Json.STRICT.readTree(home.resolve(TokenizerFiles.JSON).toFile());
        ObjectNode sequence = tree.putObject("pre_tokenizer").put("type", "Sequence");
        ObjectNode split = sequence.putArray("pretokenizers").addObject().put("type", "Split").put("behavior", "Isolated").put("invert",
                false);
        split.putObject("pattern").put("Regex", "(a|aa|aaa)+c| ?a+|b");
        ((ObjectNode) sequence.withArray("pretokenizers").addObject()).put("type", "ByteLevel").put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", false);
        Files.write(home.resolve(TokenizerFiles.JSON), Json.STRICT.writeValueAsBytes(tree));
        Tokenizer tokenizer = Tokenizers.load(home);
        assertInstanceOf(HuggingFaceTokenizer.class, tokenizer);
        int[] ids = tokenizer.encode("aaaa b");
        UserError error = assertThrows(UserError.class, () -> tokenizer.encode("x" + "a".repeat(300)));
        assertTrue(error.getMessage().startsWith(home.resolve(TokenizerFiles.JSON) + ": a regular expression of this tokenizer takes too "
                + "many steps on the "
                + "text that begins \"xaaaaaaaaaaaaaaaaaaa\" (301 characters)"), error.getMessage());
        assertTrue(error.getMessage().contains("(a|aa|aaa)+c| ?a+|b"), error.getMessage());
        assertArrayEquals(ids, tokenizer.encode("aaaa b"));
        assertEquals("aaaa b", tokenizer.decode(ids));
    }
}
