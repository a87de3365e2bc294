package io.softq4j.tokens;

import io.softq4j.tokens.bpe.PreTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/**
 * What the regular expressions of {@link PreTokenizer} ask of a code point, one byte each.
 *
 * <p>The classes are those of Hugging Face's library, whatever the JDK's Unicode is: Oniguruma's, of Unicode 14. They are in a table that
 * {@code CodePointTable} among the tests made, and the tests compare every code point with the library.
 */
public final class CharClass {

    /** {@code \p{L}}. */
    public static final int LETTER = 1;
    /** {@code \p{N}}. */
    public static final int NUMBER = 2;
    /** {@code \s}, line ends among them. */
    public static final int SPACE = 4;
    /** None of the three above. */
    public static final int OTHER = 8;
    /** {@code [\r\n]}. */
    public static final int LINE_END = 16;
    /** {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]}. */
    public static final int NOT_LOWER = 32;
    /** {@code [\p{Ll}\p{Lm}\p{Lo}\p{M}]}. */
    public static final int NOT_UPPER = 64;

    /** What the pre-tokenizer Digits cuts at; a later Unicode than that of {@link #NUMBER}. */
    public static final int DIGIT = 128;

    private static final int MARK = OTHER | NOT_LOWER | NOT_UPPER;

    private static final String TABLE = "code-points.txt";
    private static final byte[] OF = new byte[Character.MAX_CODE_POINT + 1];
    private static final BitSet KNOWN_TO_NFC = new BitSet(OF.length);

    static {
        Arrays.fill(OF, (byte) OTHER);
        try (InputStream in = CharClass.class.getResourceAsStream(TABLE)) {
            new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().forEach(CharClass::read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        OF['\n'] |= LINE_END;
        OF['\r'] |= LINE_END;
    }

    private CharClass() {
    }

    /** A line such as {@code 41 5a LU9}: first and last code point, classes as the maker of the file names them. */
    private static void read(String line) {
        String[] parts = line.split(" ");
        int from = Integer.parseInt(parts[0], 16);
        int to = Integer.parseInt(parts[1], 16) + 1;
        int classes = 0;
        for (char letter : parts[2].toCharArray()) {
            classes |= switch (letter) {
                case 'L' -> LETTER;
                case 'N' -> NUMBER;
                case 'S' -> SPACE;
                case 'U' -> NOT_LOWER;
                case 'D' -> NOT_UPPER;
                case 'n' -> DIGIT;
                default -> 0;
            };
        }
        boolean other = (classes & (LETTER | NUMBER | SPACE)) == 0;
        Arrays.fill(OF, from, to, (byte) (other ? classes | OTHER : classes));
        KNOWN_TO_NFC.set(from, to, parts[2].indexOf('9') >= 0);
    }

    /** Whether the Unicode of the library's Normalization Form C has the code point. */
    public static boolean isKnownToNfc(int codePoint) {
        return KNOWN_TO_NFC.get(codePoint);
    }

    /** The classes of the code point that starts at {@code text[i]}. */
    public static int at(char[] text, int i) {
        char c = text[i];
        return OF[Character.isHighSurrogate(c) ? Character.toCodePoint(c, text[i + 1]) : c];
    }

    /** A letter, a number or a mark. */
    public static boolean isOfWord(int codePoint) {
        return (OF[codePoint] & (LETTER | NUMBER)) != 0 || isMark(OF[codePoint]);
    }

    /** Whether the classes are those of {@code \p{M}}, marks that combine with the letter before them. */
    public static boolean isMark(int classes) {
        return (classes & MARK) == MARK;
    }

    /** Number of chars of the code point that starts at {@code text[i]}. */
    public static int width(char[] text, int i) {
        return Character.isHighSurrogate(text[i]) ? 2 : 1;
    }

    /** Where the code points from {@code text[i]} on that are in one of {@code classes} end, at most {@code end}. */
    public static int run(char[] text, int i, int end, int classes) {
        while (i < end) {
            char c = text[i];
            if (!Character.isHighSurrogate(c)) {
                if ((OF[c] & classes) == 0) {
                    return i;
                }
                i++;
            } else {
                if ((OF[Character.toCodePoint(c, text[i + 1])] & classes) == 0) {
                    return i;
                }
                i += 2;
            }
        }
        return i;
    }

    /** {@link #run}, over no more than {@code most} code points. */
    public static int run(char[] text, int i, int end, int classes, int most) {
        for (int n = 0; n < most && i < end && (at(text, i) & classes) != 0; n++) {
            i += width(text, i);
        }
        return i;
    }
}
