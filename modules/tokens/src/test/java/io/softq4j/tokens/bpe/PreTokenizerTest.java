package io.softq4j.tokens.bpe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.tokens.CharClass;
import io.softq4j.tokens.Nasty;
import io.softq4j.tokens.Nfc;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

public class PreTokenizerTest {

    @ParameterizedTest
    @EnumSource
    void cutsWhereItsExpressionCuts(PreTokenizer cut) {
        Pattern expression = pattern(cut);
        for (String text : Nasty.texts()) {
            if (!text.codePoints().allMatch(CharClass::isKnownToNfc)) {
                continue;   // java.util.regex has the Unicode of its JDK, of which only what is old is sure; LibraryParityTest has these
            }
            List<String> expected = new ArrayList<>();
            Matcher matcher = expression.matcher(text);
            while (matcher.find()) {
                expected.add(matcher.group());
            }
            assertEquals(expected, pieces(cut, text));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCodePointThatEveryJdkKnowsIsClassedAsByTheExpression(PreTokenizer cut) {
        Pattern expression = pattern(cut);
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE || !CharClass.isKnownToNfc(c)) {
                continue;
            }
            String point = Character.toString(c);
            String text = "a" + point + "B" + point + point + "1" + point + " " + point + "'" + point + "\n";
            List<String> expected = new ArrayList<>();
            Matcher matcher = expression.matcher(text);
            while (matcher.find()) {
                expected.add(matcher.group());
            }
            assertEquals(expected, pieces(cut, text), () -> "U+" + point.codePointAt(0));
        }
    }

    /**
     * Vithkuqi letters and a Tangsa digit came with Unicode 14, a Kawi letter and a Garay digit later: JDK 17 has none of them, JDK 25 all.
     */
    @Test
    void noJdkDecidesWhatALetterOrANumberIs() {
        assertEquals(List.of("a\ud801\udd70", "1\ud81a\udec5", "\ud807\udf04", "a", "\ud803\udd41"), pieces(PreTokenizer.GPT2,
                "a\ud801\udd701\ud81a\udec5\ud807\udf04a\ud803\udd41"));
        assertEquals("a\ud803\udd6a\u0334", new String(Nfc.of("a\ud803\udd6a\u0334".toCharArray(), 0, 4)),
                "a mark of Unicode 16 stays where it is");
    }

    public static Pattern pattern(PreTokenizer cut) {
        return Pattern.compile(cut.expression(), Pattern.UNICODE_CHARACTER_CLASS);
    }

    static List<String> pieces(PreTokenizer cut, String text) {
        List<String> pieces = new ArrayList<>();
        char[] chars = text.toCharArray();
        for (int i = 0; i < text.length(); ) {
            int end = cut.next(chars, i, text.length());
            pieces.add(text.substring(i, end));
            i = end;
        }
        return pieces;
    }
}
