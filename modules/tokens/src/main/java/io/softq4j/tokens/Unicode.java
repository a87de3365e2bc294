package io.softq4j.tokens;

import io.softq4j.common.UserError;
import java.util.Locale;

/** What text must be before it can become bytes, and what its characters are whatever Unicode the JDK knows. */
public final class Unicode {

    private Unicode() {
    }

    /** Whether a code point is of a word: a letter, a number or a mark, by the table of {@link CharClass} and not by the JDK's. */
    public static boolean isOfWord(int codePoint) {
        return CharClass.isOfWord(codePoint);
    }

    /** The UTF-16 of {@code text}, checked as {@link #requireWellFormed} does. */
    public static char[] wellFormed(String text) {
        char[] chars = text.toCharArray();
        boolean surrogates = false;
        for (char c : chars) {   // without a branch in it: most texts have none
            surrogates |= c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        }
        if (surrogates) {
            requireWellFormed(text);
        }
        return chars;
    }

    /**
     * Returns {@code text}.
     *
     * @throws UserError if it holds half of a surrogate pair, which has no UTF-8: no tokenizer could give it back
     */
    public static String requireWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new UserError(String.format(Locale.ROOT,
                        "text is not Unicode: lone surrogate U+%04X at character %d. It cannot be written as UTF-8; "
                        + "the likely cause is a text cut in the middle of an emoji. Remove it or write U+FFFD in its place.", (int) c, i));
            }
        }
        return text;
    }
}
