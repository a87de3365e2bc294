package io.softq4j.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PreTokenizerTest {

    /** The expression of GPT-2's encoder.py. */
    private static final Pattern GPT2 = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    @Test
    void cutsWhereTheExpressionOfGpt2Cuts() {
        for (String text : Nasty.texts()) {
            List<String> expected = new ArrayList<>();
            Matcher matcher = GPT2.matcher(text);
            while (matcher.find()) {
                expected.add(matcher.group());
            }
            assertEquals(expected, pieces(text));
        }
    }

    @Test
    void everyCodePointIsClassedAsByTheExpression() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                continue;
            }
            String text = "a" + Character.toString(c) + Character.toString(c) + "1";
            Matcher matcher = GPT2.matcher(text);
            matcher.find();
            assertEquals(matcher.end(), PreTokenizer.next(text, 0, text.length()), () -> "U+" + text.codePointAt(1));
            matcher.find();
            assertEquals(matcher.end(), PreTokenizer.next(text, matcher.start(), text.length()), () -> "U+" + text.codePointAt(1));
        }
    }

    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < text.length(); ) {
            int end = PreTokenizer.next(text, i, text.length());
            pieces.add(text.substring(i, end));
            i = end;
        }
        return pieces;
    }
}
