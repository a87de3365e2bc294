package io.softq4j.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.evaluation.text.BleuTokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelfBleuTest {

    private static final List<String> TEXTS = List.of("the cat sat on the mat", "the cat sat on the red mat today", "a dog ran", "the the the the",
            "one two three four five six seven", "the cat sat");

    /**
     * Made with NLTK 3.8 (Debian's python3-nltk), Python 3: mean over i of
     * {@code sentence_bleu(t[:i] + t[i+1:], t[i], (1/n,) * n, smoothing_function=SmoothingFunction().method1) * 100} with
     * {@code t = [s.split() for s in TEXTS]}.
     */
    @ParameterizedTest
    @CsvSource({"2, 42.34782311680389", "3, 40.10770701383986", "4, 31.202500195107902"})
    void setLevelEqualsNltkOnTexygensProtocol(int order, double nltk) {
        assertEquals(nltk, SelfBleu.ofSet(TEXTS, order).orElseThrow(), 1e-10);
    }

    /** From sacreBLEU's own tests (test_sentence_bleu.py, issue 98): 8.493 with exp, 13a, effective order. */
    @Test
    void theSlowReferenceEqualsSacreBleusPublishedSentence() {
        List<String> reference = BleuTokenizer.MTEVAL_13A.tokens("produc\u0163ia de zah\u0103r brut se exprim\u0103 \u00een zah\u0103r alb;");
        List<String> system = BleuTokenizer.MTEVAL_13A.tokens("Produc\u021bia de zah\u0103r prim\u0103 va fi exprimat\u0103 \u00een ceea ce prive\u0219te "
                + "zah\u0103rul alb;");
        assertEquals(8.493, 100 * SlowBleu.sacre(List.of(reference), system), 1e-3);
    }

    @Test
    void promptLevelIsTheMeanOverPromptsOfTheMeanOverSamples() {
        // Each of the pair has 2/3 unigrams, 1/2 bigrams, and no trigram of one, which counts 1/2: (2/3 * 1/2 * 1/2) ^ (1/3); the twins are worth
        // 100.
        double pair = 100 * Math.cbrt(1.0 / 6);
        assertEquals((pair + 100) / 2, SelfBleu.ofPrompts(List.of(List.of("a b c", "a b d"), List.of("x y z w", "x y z w"))).orElseThrow(), 1e-10);
    }

    @Test
    void setLevelOfTwoTextsByHand() {
        // "a b c" against "a b": 2/3 and 1/2, no penalty; "a b" against "a b c": 1 and 1, penalty exp(1 - 3/2).
        double expected = 100 * (Math.sqrt(2.0 / 3 / 2) + Math.exp(-0.5)) / 2;
        assertEquals(expected, SelfBleu.ofSet(List.of("a b c", "a b"), 2).orElseThrow(), 1e-10);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void bothLevelsEqualTheDirectDefinitionOnRandomTexts(long seed) {
        List<String> texts = random(new Random(seed), 30, 12, 6);
        List<List<String>> words = texts.stream().map(Words::of).toList();
        double set = IntStream.range(0, 30).mapToDouble(i -> SlowBleu.nltk(SlowBleu.without(words, i), words.get(i), 3)).average().orElseThrow();
        double prompt = IntStream.range(0, 30).mapToDouble(i -> SlowBleu.sacre(SlowBleu.without(words, i), words.get(i))).average().orElseThrow();
        assertEquals(100 * set, SelfBleu.ofSet(texts, 3).orElseThrow(), 1e-9);
        assertEquals(100 * prompt, SelfBleu.ofPrompts(List.of(texts)).orElseThrow(), 1e-9);
        assertTrue(set > 0.05 && set < 0.999, "the texts overlap, but not wholly: " + set);
    }

    @Test
    void aRepeatedWordCountsOnlyAsOftenAsInOneOtherText() {
        // Own four "a" may not serve as reference, nor may the two others' be added up: 2 of 4.
        assertEquals(100 * (0.5 + 1 + 1) / 3, SelfBleu.ofSet(List.of("a a a a", "a a", "a a"), 1).orElseThrow(), 1e-10);
    }

    @Test
    void equalTextsScoreHundredAndTextsWithoutACommonWordScoreZero() {
        assertEquals(100, SelfBleu.ofSet(List.of("a b c d", "a b c d", "a b c d"), 3).orElseThrow(), 1e-10);
        assertEquals(0, SelfBleu.ofSet(List.of("a b c", "d e f", "g h i"), 3).orElseThrow());
        assertEquals(0, SelfBleu.ofPrompts(List.of(List.of("", ""))).orElseThrow());
    }

    @Test
    void theOrderOfTheTextsDoesNotMatter() {
        List<String> reversed = new ArrayList<>(TEXTS);
        java.util.Collections.reverse(reversed);
        assertEquals(SelfBleu.ofSet(TEXTS, 3).orElseThrow(), SelfBleu.ofSet(reversed, 3).orElseThrow(), 1e-10);
    }

    @Test
    void oneTextHasNoSelfBleu() {
        assertTrue(SelfBleu.ofSet(List.of("a b c"), 3).isEmpty());
        assertTrue(SelfBleu.ofPrompts(List.of(List.of("a b c"), List.of("d"))).isEmpty());
    }

    @Test
    void anOrderBelowOneIsRefused() {
        assertEquals("n-gram order 0, must be at least 1", assertThrows(IllegalArgumentException.class, () -> SelfBleu.ofSet(TEXTS, 0)).getMessage());
    }

    @Test
    void fourThousandTextsTakeSecondsNotHours() {
        List<String> texts = random(new Random(1), 4000, 60, 500);
        assertTimeout(Duration.ofSeconds(30), () -> SelfBleu.ofSet(texts, 3));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "Hello, world! It's 3.5% of 1,000-2,000. | Hello , world ! It's 3.5 % of 1,000 - 2,000 .",
        "co-\\noperate\\nre-use (a/b) [c] {d} e_f g^h | cooperate re-use ( a / b ) [ c ] { d } e _ f g ^ h",
        "&lt;b&gt; &amp; &quot;q&quot; #### $18. | < b > & \" q \" # # # # $ 18 .",
        "a.b ,c 5, 6 .7 8. | a . b , c 5 , 6 . 7 8 .",
        "x <skipped> y ~ `z` \\w | x y ~ ` z ` \\ w",
        "Zucker: 20\u00b0C, na\u00efve\u2026 | Zucker : 20\u00b0C , na\u00efve\u2026"})
    void tokensAreThoseOfSacreBleus13a(String text, String tokens) {
        // Expected values: the four substitutions of sacreBLEU's tokenizer_13a, run in Python's re on the same lines.
        assertEquals(tokens, String.join(" ", BleuTokenizer.MTEVAL_13A.tokens(text.replace("\\n", "\n"))));
    }

    private static List<String> random(Random random, int texts, int maxWords, int vocabulary) {
        return IntStream.range(0, texts)
                .mapToObj(t -> IntStream.range(0, random.nextInt(maxWords + 1)).mapToObj(w -> "w" + random.nextInt(vocabulary))
                .collect(Collectors.joining(" ")))
                .toList();
    }
}
