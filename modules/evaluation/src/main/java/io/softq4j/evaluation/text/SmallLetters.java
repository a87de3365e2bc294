package io.softq4j.evaluation.text;

import java.util.Locale;

/**
 * Text in small letters as Python's {@code str.lower()} makes them, which the tools were written with: Unicode's full mapping, the same in
 * every locale. It differs from {@link String#toLowerCase(Locale)} in one letter, the sigma: Java looks for the end of a word, Unicode (The
 * Unicode Standard, table 3-17, Final_Sigma) for letters before and after, past all that is case-ignorable, such as a period.
 */
final class SmallLetters {

    private static final int SIGMA = 0x3a3;
    /** Unicode's Word_Break values MidLetter, MidNumLet and Single_Quote. */
    private static final String INSIDE_WORDS = ":\u00b7\u0387\u055f\u05f4\u2027\ufe13\ufe55\uff1a.\u2018\u2019\u2024\ufe52\uff07\uff0e'";

    private SmallLetters() {
    }

    static String of(String text) {
        if (text.indexOf(SIGMA) < 0) {
            return text.toLowerCase(Locale.ROOT);
        }
        int[] points = text.codePoints().toArray();
        StringBuilder small = new StringBuilder(text.length());
        int from = 0;
        for (int i = 0; i < points.length; i++) {
            if (points[i] == SIGMA) {
                small.append(new String(points, from, i - from).toLowerCase(Locale.ROOT)).append(isFinal(points, i) ? '\u03c2' : '\u03c3');
                from = i + 1;
            }
        }
        return small.append(new String(points, from, points.length - from).toLowerCase(Locale.ROOT)).toString();
    }

    private static boolean isFinal(int[] points, int at) {
        int before = at - 1;
        while (before >= 0 && isIgnorable(points[before])) {
            before--;
        }
        int after = at + 1;
        while (after < points.length && isIgnorable(points[after])) {
            after++;
        }
        return before >= 0 && isCased(points[before]) && (after == points.length || !isCased(points[after]));
    }

    private static boolean isCased(int c) {
        return Character.isLowerCase(c) || Character.isUpperCase(c) || Character.isTitleCase(c);
    }

    private static boolean isIgnorable(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT, Character.MODIFIER_LETTER,
                    Character.MODIFIER_SYMBOL -> true;
            default -> INSIDE_WORDS.indexOf(c) >= 0;
        };
    }
}
