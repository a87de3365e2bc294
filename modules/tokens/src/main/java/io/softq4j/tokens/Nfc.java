package io.softq4j.tokens;

import io.softq4j.common.UserError;
import java.text.Normalizer;
import java.util.BitSet;

/**
 * Unicode Normalization Form C (UAX #15) as Hugging Face's library has it, whose tables are those of Unicode 9: marks that came later are
 * plain characters to it, which neither change places with others nor join them. The tests compare every code point with the library.
 */
final class Nfc {

    /** Text whose characters are all below it is in the form already. */
    private static final char FIRST_COMBINING = '\u0300';

    /** Marks in a row. The JDK's time for a row is quadratic; the Stream-Safe Text Format of UAX #15 allows 30. */
    private static final int MOST_MARKS = 4096;

    /** What JDK 17 (Unicode 13) would reorder or compose and Unicode 9 does not know. */
    private static final int[][] AFTER_9 = {{0x7FD, 0x7FD}, {0x8D3, 0x8D3}, {0x9FE, 0x9FE}, {0xD3B, 0xD3C}, {0xEBA, 0xEBA}, {0x1ABF, 0x1AC0},
            {0x1DF6, 0x1DF9}, {0xA82C, 0xA82C}, {0x10D24, 0x10D27}, {0x10EAB, 0x10EAC}, {0x10F46, 0x10F50}, {0x1133B, 0x1133B},
            {0x1145E, 0x1145E}, {0x11839, 0x1183A}, {0x11930, 0x11930}, {0x1193D, 0x1193E}, {0x11943, 0x11943}, {0x119E0, 0x119E0},
            {0x11A34, 0x11A34}, {0x11A47, 0x11A47}, {0x11A99, 0x11A99}, {0x11D42, 0x11D42}, {0x11D44, 0x11D45}, {0x11D97, 0x11D97},
            {0x16FF0, 0x16FF1}, {0x1E130, 0x1E136}, {0x1E2EC, 0x1E2EF}};
    private static final BitSet PLAIN = new BitSet();

    static {
        for (int[] range : AFTER_9) {
            PLAIN.set(range[0], range[1] + 1);
        }
    }

    private Nfc() {
    }

    /** Whether {@code text[start, end)} is in the form at a glance; most texts are. */
    static boolean isPlain(char[] text, int start, int end) {
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
    static char[] of(char[] text, int start, int end) {
        StringBuilder out = new StringBuilder(end - start);
        int from = start;
        int marks = 0;
        for (int i = start; i < end; i += CharClass.width(text, i)) {
            marks = CharClass.isMark(CharClass.at(text, i)) ? marks + 1 : 0;
            if (marks > MOST_MARKS) {
                throw new UserError("text has more than " + MOST_MARKS + " combining marks in a row, up to character " + i + ", and the tokenizer "
                        + "composes letters and marks (normalizer NFC). The likely cause is data that is not text; take the row out");
            }
            if (PLAIN.get(Character.codePointAt(text, i, end))) {
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
