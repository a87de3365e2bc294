package io.softq4j.common;

import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * Makes text of strangers safe to look at: what would steer a terminal, or show text in another order than it has, is written as
 * {@code \}{@code u001B}. A corpus, a model's answer and a file's name are such text.
 */
public final class Visible {

    /** Stands before what the model learns to write, wherever colours can't. */
    public static final char SCORED = '\u27e6';
    /** Stands after what the model learns to write. */
    public static final char UNSCORED = '\u27e7';

    private Visible() {
    }

    /**
     * Text of any number of lines with each control character (C0 but newline and tab, delete, C1), each control of the writing direction
     * (Unicode Standard Annex 9, table 4) and each separator of lines or paragraphs escaped; the text itself if it has none.
     */
    public static String text(String text) {
        return escaped(text, Visible::steers);
    }

    /** As {@link #text}, with the marks {@link #SCORED} and {@link #UNSCORED} escaped too: text to stand between marks of ours. */
    public static String betweenMarks(String text) {
        return escaped(text, c -> steers(c) || c == SCORED || c == UNSCORED);
    }

    /** Text in one line between double quotes: newlines, tabs and every character of Unicode's category Format are escaped as well. */
    public static String quoted(String text) {
        String line = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
        return '"' + escaped(line, c -> steers(c) || Character.getType(c) == Character.FORMAT) + '"';
    }

    private static boolean steers(int c) {
        return Character.isISOControl(c) && c != '\n' && c != '\t'
                || c == 0x061C || c == 0x200E || c == 0x200F || c >= 0x2028 && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
    }

    private static String escaped(String text, IntPredicate hidden) {
        if (text.codePoints().noneMatch(hidden)) {
            return text;
        }
        StringBuilder visible = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (hidden.test(c)) {
                visible.append(String.format(Locale.ROOT, "\\u%04X", c));
            } else {
                visible.appendCodePoint(c);
            }
        });
        return visible.toString();
    }
}
