package io.softq4j.evaluation.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.evaluation.text.AnswerPattern.Form;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerPatternTest {

    /** lm-evaluation-harness, tasks/gsm8k/gsm8k.yaml, flexible-extract. */
    private static final Pattern FLEXIBLE = Pattern.compile("(-?[$0-9.,]{2,})|(-?[0-9]+)");

    @Test
    void theLastMatchCountsAndOfItTheFirstGroupThatIsNotEmpty() {
        AnswerPattern answers = new AnswerPattern(FLEXIBLE, AnswerPattern.FIRST_GROUP, true, Form.NUMBER);
        assertEquals(Optional.of("7"), answers.answer("first 12 apples, then 1,000, so 7"));
        assertEquals(Optional.of("$18."), answers.answer("She makes $18."));
        assertEquals(Optional.empty(), answers.answer("none"));
        assertTrue(answers.isRight("9 * 2 = 18\n#### 18", "She makes $18."));
        assertFalse(answers.isRight("18", "none"));
        assertEquals(Optional.of("12"), new AnswerPattern(FLEXIBLE, 1, false, Form.NUMBER).answer("first 12 apples, then 7"));
    }

    @Test
    void aReferenceWithoutAMatchIsAnAnswerAsAWhole() {
        AnswerPattern letter = new AnswerPattern(Pattern.compile("answer is \\(?([A-D])"), 1, true, Form.TEXT);
        assertTrue(letter.isRight("B", "The answer is (B)."));
        assertTrue(letter.isRight("b", "The answer is (B)."));
        assertFalse(letter.isRight("B", "B"), "a text must have it where it is asked for");
        assertFalse(new AnswerPattern(letter.pattern(), 1, true, Form.NONE).isRight("b", "The answer is (B)."));
    }

    @Test
    void aGroupThatThereIsNotIsRefused() {
        assertEquals("group 2 of a pattern that has 1: (a)", assertThrows(IllegalArgumentException.class,
                () -> new AnswerPattern(Pattern.compile("(a)"), 2, true, Form.TEXT)).getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1,000 | 1000", "$1000 | 1000", "1 000 | 1000", "1000. | 1000", "1000.00 | 1000", "-3 | -3",
            "\u22123 | -3",
        "- 3 | -3", "-$3.50 | -3.5", "$-3.5 | -3.5", "+4 | 4", "50% | 50", "50 % | 50", ".5 | 0.5", "1,234,567.8 | 1234567.8",
        "\u20ac12 | 12", "007 | 7",
        "1\u202f000 | 1000"})
    void spellingsOfOneNumber(String text, BigDecimal number) {
        assertEquals(0, number.compareTo(NumberForm.of(text).orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "3,5", "1,00", "10,0000", "1.2.3", "--3", "-$-3", "1 00", "3 apples", ".", "$", "-", "1/2", "\u0663"})
    void whatIsNoNumber(String text) {
        assertEquals(Optional.empty(), NumberForm.of(text));
    }
}
