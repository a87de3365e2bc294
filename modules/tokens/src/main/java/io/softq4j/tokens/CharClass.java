package io.softq4j.tokens;

import java.util.Arrays;

/**
 * What the regular expressions of {@link PreTokenizer} ask of a code point, one byte each.
 *
 * <p>The classes are those of Unicode 14, which Hugging Face's library has (through Oniguruma). JDK 17 knows Unicode 13; what came after
 * is listed here, and the tests compare every code point with the library.
 */
final class CharClass {

    /** {@code \p{L}}. */
    static final int LETTER = 1;
    /** {@code \p{N}}. */
    static final int NUMBER = 2;
    /** {@code \s}, line ends among them. */
    static final int SPACE = 4;
    /** None of the three above. */
    static final int OTHER = 8;
    /** {@code [\r\n]}. */
    static final int LINE_END = 16;
    /** {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]}. */
    static final int NOT_LOWER = 32;
    /** {@code [\p{Ll}\p{Lm}\p{Lo}\p{M}]}. */
    static final int NOT_UPPER = 64;

    private static final int UPPER_LETTER = LETTER | NOT_LOWER;
    private static final int LOWER_LETTER = LETTER | NOT_UPPER;
    private static final int CASELESS_LETTER = LETTER | NOT_LOWER | NOT_UPPER;
    private static final int MARK = OTHER | NOT_LOWER | NOT_UPPER;

    private static final int[][] UPPER_OF_14 = {{0x2C2F, 0x2C2F}, {0xA7C0, 0xA7C0}, {0xA7D0, 0xA7D0}, {0xA7D6, 0xA7D6}, {0xA7D8, 0xA7D8},
            {0x10570, 0x1057A}, {0x1057C, 0x1058A}, {0x1058C, 0x10592}, {0x10594, 0x10595}};
    private static final int[][] LOWER_OF_14 = {{0x2C5F, 0x2C5F}, {0xA7C1, 0xA7C1}, {0xA7D1, 0xA7D1}, {0xA7D3, 0xA7D3}, {0xA7D5, 0xA7D5},
            {0xA7D7, 0xA7D7}, {0xA7D9, 0xA7D9}, {0x10597, 0x105A1}, {0x105A3, 0x105B1}, {0x105B3, 0x105B9}, {0x105BB, 0x105BC},
            {0x1DF00, 0x1DF09}, {0x1DF0B, 0x1DF1E}};
    private static final int[][] CASELESS_OF_14 = {{0x870, 0x887}, {0x889, 0x88E}, {0x8B5, 0x8B5}, {0x8C8, 0x8C9}, {0xC5D, 0xC5D},
            {0xCDD, 0xCDD}, {0x170D, 0x170D}, {0x171F, 0x171F}, {0x1B4C, 0x1B4C}, {0x9FFD, 0x9FFF}, {0xA7F2, 0xA7F4}, {0x10780, 0x10785},
            {0x10787, 0x107B0}, {0x107B2, 0x107BA}, {0x10F70, 0x10F81}, {0x11071, 0x11072}, {0x11075, 0x11075}, {0x11740, 0x11746},
            {0x11AB0, 0x11ABF}, {0x12F90, 0x12FF0}, {0x16A70, 0x16ABE}, {0x1AFF0, 0x1AFF3}, {0x1AFF5, 0x1AFFB}, {0x1AFFD, 0x1AFFE},
            {0x1B11F, 0x1B122}, {0x1DF0A, 0x1DF0A}, {0x1E290, 0x1E2AD}, {0x1E7E0, 0x1E7E6}, {0x1E7E8, 0x1E7EB}, {0x1E7ED, 0x1E7EE},
            {0x1E7F0, 0x1E7FE}, {0x2A6DE, 0x2A6DF}, {0x2B735, 0x2B738}};
    private static final int[][] MARK_OF_14 = {{0x898, 0x89F}, {0x8CA, 0x8D2}, {0xC3C, 0xC3C}, {0x1715, 0x1715}, {0x180F, 0x180F},
            {0x1AC1, 0x1ACE}, {0x1DFA, 0x1DFA}, {0x10F82, 0x10F85}, {0x11070, 0x11070}, {0x11073, 0x11074}, {0x110C2, 0x110C2},
            {0x1CF00, 0x1CF2D}, {0x1CF30, 0x1CF46}, {0x1E2AE, 0x1E2AE}};
    private static final int[][] NUMBER_OF_14 = {{0x16AC0, 0x16AC9}};

    private static final byte[] OF = new byte[Character.MAX_CODE_POINT + 1];

    static {
        for (int c = 0; c < OF.length; c++) {
            OF[c] = (byte) ofJdk(c);
        }
        fill(UPPER_OF_14, UPPER_LETTER);
        fill(LOWER_OF_14, LOWER_LETTER);
        fill(CASELESS_OF_14, CASELESS_LETTER);
        fill(MARK_OF_14, MARK);
        fill(NUMBER_OF_14, NUMBER);
    }

    private CharClass() {
    }

    private static int ofJdk(int c) {
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> UPPER_LETTER;
            case Character.LOWERCASE_LETTER -> LOWER_LETTER;
            case Character.MODIFIER_LETTER, Character.OTHER_LETTER -> CASELESS_LETTER;
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> MARK;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> SPACE;
            default -> c == '\n' || c == '\r' ? SPACE | LINE_END : c >= '\t' && c <= '\r' || c == 0x85 ? SPACE : OTHER;
        };
    }

    private static void fill(int[][] ranges, int classes) {
        for (int[] range : ranges) {
            Arrays.fill(OF, range[0], range[1] + 1, (byte) classes);
        }
    }

    /** The classes of the code point that starts at {@code text[i]}. */
    static int at(char[] text, int i) {
        char c = text[i];
        return OF[Character.isHighSurrogate(c) ? Character.toCodePoint(c, text[i + 1]) : c];
    }

    /** Whether the classes are those of {@code \p{M}}, marks that combine with the letter before them. */
    static boolean isMark(int classes) {
        return (classes & MARK) == MARK;
    }

    /** Number of chars of the code point that starts at {@code text[i]}. */
    static int width(char[] text, int i) {
        return Character.isHighSurrogate(text[i]) ? 2 : 1;
    }

    /** Where the code points from {@code text[i]} on that are in one of {@code classes} end, at most {@code end}. */
    static int run(char[] text, int i, int end, int classes) {
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
    static int run(char[] text, int i, int end, int classes, int most) {
        for (int n = 0; n < most && i < end && (at(text, i) & classes) != 0; n++) {
            i += width(text, i);
        }
        return i;
    }
}
