package io.softq4j.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A calculator that writes into texts while they are sampled. A token is a letter. */
class CalculatorDecodingTest {

    private static final String LETTERS = "0123456789<>=/*+-.() x$";
    private static final int END = LETTERS.indexOf('$');
    private static final GenerationConfig CONFIG = GenerationConfig.greedy(40).with(c -> c.calculator(true));

    private static String text(int[] ids) {
        return Arrays.stream(ids).filter(id -> id != END).mapToObj(id -> LETTERS.substring(id, id + 1)).collect(Collectors.joining());
    }

    private static int[] ids(String text) {
        return text.chars().map(LETTERS::indexOf).toArray();
    }

    /** Writes a text letter by letter whatever stands there, so that what it says at a place shows what it has read up to there. */
    private static final class Script extends FunctionSession {

        private final String script;
        private final List<String> read = new ArrayList<>();

        Script(String script) {
            super(LETTERS.length(), 100, 1);
            this.script = script;
        }

        @Override
        float[] logits(List<Integer> ids) {
            read.add(text(ids.stream().mapToInt(id -> id).toArray()));
            float[] logits = new float[LETTERS.length()];
            logits[LETTERS.indexOf(ids.size() <= script.length() ? script.charAt(ids.size() - 1) : '$')] = 5;
            return logits;
        }
    }

    private static Completion written(Script session, GenerationConfig config) {
        try (Generator generator = new Generator(session, Set.of(END), CalculatorDecodingTest::text, (before, ids, text) -> {
            assertEquals(before, text(ids));
            return ids(text);
        })) {
            return generator.generate(List.of(ids("x")), config, n -> { }).get(0).get(0);
        }
    }

    @Test
    void theResultAndTheEndOfTheAnnotationAreWrittenForTheModel() {
        Script session = new Script("x <<12/5=9999xx");
        Completion completion = written(session, CONFIG);
        assertEquals("x <<12/5=2.4>>x", completion.text(), "the model goes on behind it");
        assertTrue(session.read.contains("xx <<12/5=2.4>>"), "the model has read what was written");
        assertEquals(completion.tokens(), completion.logprobs().length);
        double other = completion.logprobs()[completion.text().indexOf('2', 8)];
        assertEquals(-Math.log(Math.exp(5) + LETTERS.length() - 1), other, 1e-5, "the model's own probability of what it did not choose");
    }

    @Test
    void withoutItTheModelWritesWhatItLikes() {
        assertEquals("x <<12/5=99xx x", written(new Script("x <<12/5=99xx x"), CONFIG.with(c -> c.calculator(false))).text());
    }

    @Test
    void whatIsNoExpressionIsLeftToTheModel() {
        for (String script : List.of("<<1/0=7>>x", "<<x=7>>", "1+1=3", "<<2**3=9>>", "<<2+(3=9>>")) {
            assertEquals(script, written(new Script(script), CONFIG).text());
        }
    }

    @Test
    void aResultThatIsCutOffByTheLimitEndsThere() {
        Completion completion = written(new Script("<<10*10="), CONFIG.with(c -> c.maxNewTokens(10)));
        assertEquals("<<10*10=10", completion.text());
        assertEquals(FinishReason.LENGTH, completion.finishReason());
    }

    @Test
    void aStopStringInAResultEndsTheText() {
        Completion completion = written(new Script("<<3*4=77>>x"), CONFIG.with(c -> c.stopStrings(List.of(">>"))));
        assertEquals("<<3*4=12", completion.text());
        assertEquals(FinishReason.STOP_STRING, completion.finishReason());
    }

    /** What is written draws no random numbers, so a text without annotations is the same with it and without. */
    @Test
    void textsWithoutAnnotationsAreTheSame() {
        GenerationConfig sampled = CONFIG.sampling(2, 1, 7);
        Completion with = written(new Script("xxxxxxxx"), sampled);
        Completion without = written(new Script("xxxxxxxx"), sampled.with(c -> c.calculator(false)));
        assertArrayEquals(without.tokenIds(), with.tokenIds());
    }

    @Test
    void aBeamSearchHasNone() {
        assertEquals("num_beams is 2 and calculator is true; the calculator continues one text at a time. Set num_beams to 1, or "
                + "calculator to false",
                assertThrows(UserError.class, () -> written(new Script("x"), CONFIG.with(c -> c.numBeams(2)))).getMessage());
    }
}
