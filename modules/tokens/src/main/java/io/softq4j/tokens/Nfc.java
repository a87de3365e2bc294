package io.softq4j.tokens;

import io.softq4j.common.UserError;
import java.text.Normalizer;

/**
 * Unicode Normalization Form C (UAX #15) as Hugging Face's library has it, whose tables are those of Unicode 9: marks that came later are
 * plain characters to it, which neither change places with others nor join them. What was in Unicode 9 composes in every later version as
 * it did, so the JDK's version does not matter. The tests compare every code point with the library.
 */
public final class Nfc {

    /** Text whose characters are all below it is in the form already. */
    private static final char FIRST_COMBINING = '\u0300';

    /** Marks in a row. The JDK's time for a row is quadratic; the Stream-Safe Text Format of UAX #15 allows 30. */
    private static final int MOST_MARKS = 4096;

    private Nfc() {
    }

    /** Whether {@code text[start, end)} is in the form at a glance; most texts are. */
    public static boolean isPlain(char[] text, int start, int end) {
        char highest = 0;
        for (int i = start; i < end; i++) {
            highest = (char) Math.max(highest, text[i]);
        }
        return highest < FIRST_COMBINING;
    }

    /**
     * {@code text[start, end)} composed.
     *
     * @throws UserError if thousands of combining marks follow one letter, which is no text in any language
     */
    public static char[] of(char[] text, int start, int end) {
        StringBuilder out = new StringBuilder(end - start);
        int from = start;
        int marks = 0;
        for (int i = start; i < end; i += CharClass.width(text, i)) {
            marks = CharClass.isMark(CharClass.at(text, i)) ? marks + 1 : 0;
            if (marks > MOST_MARKS) {
                throw new UserError("text has more than " + MOST_MARKS + " combining marks in a row, up to character " + i
                        + ", and the tokenizer "
                        + "composes letters and marks (normalizer NFC). The likely cause is data that is not text; take the row out");
            }
            if (!CharClass.isKnownToNfc(Character.codePointAt(text, i, end))) {
                int after = i + CharClass.width(text, i);
                out.append(composed(text, from, i)).append(text, i, after - i);
                from = after;
            }
        }
        return out.append(composed(text, from, end)).toString().toCharArray();
    }

    private static String composed(char[] text, int start, int end) {
        return Normalizer.normalize(new String(text, start, end - start), Normalizer.Form.NFC);
    }
}
