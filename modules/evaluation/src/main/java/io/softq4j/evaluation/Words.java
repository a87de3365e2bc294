package io.softq4j.evaluation;

import java.util.List;
import java.util.regex.Pattern;

/** Text as words separated by white space (Unicode's). */
final class Words {

    private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    private Words() {
    }

    static List<String> of(String text) {
        String normal = normalise(text);
        return normal.isEmpty() ? List.of() : List.of(normal.split(" "));
    }

    /** One space between words, none at the ends. */
    static String normalise(String text) {
        return SPACE.matcher(text).replaceAll(" ").strip();
    }
}
