package io.softq4j.evaluation.text;

import java.util.ArrayList;
import java.util.List;

/**
 * White space as Python's {@code str.split()} and {@code str.rstrip()} see it, which the tools were written with: Unicode's white space and
 * the four separators U+001C to U+001F.
 */
public final class Whitespace {

    private Whitespace() {
    }

    /** Whether a code point is white space. All white space is in the basic plane, so a {@code char} will do. */
    public static boolean is(int c) {
        if (c < 0x80) {
            return c == ' ' || c >= 9 && c <= 13 || c >= 0x1c && c <= 0x1f;
        }
        return c == 0x85 || c == 0xa0 || c == 0x1680 || c >= 0x2000 && c <= 0x200a || c == 0x2028 || c == 0x2029 || c == 0x202f
                || c == 0x205f || c == 0x3000;
    }

    /** The words between white space; none of them is empty. */
    public static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        int start = -1;
        for (int i = 0; i < text.length(); i++) {
            if (is(text.charAt(i))) {
                if (start >= 0) {
                    words.add(text.substring(start, i));
                    start = -1;
                }
            } else if (start < 0) {
                start = i;
            }
        }
        if (start >= 0) {
            words.add(text.substring(start));
        }
        return words;
    }

    /** One space between words, none at the ends. */
    public static String normalise(String text) {
        return String.join(" ", split(text));
    }

    /** The text without white space at its end. */
    static String stripTrailing(String text) {
        int end = text.length();
        while (end > 0 && is(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }
}
