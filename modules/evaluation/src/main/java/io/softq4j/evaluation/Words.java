package io.softq4j.evaluation;

import io.softq4j.evaluation.text.Whitespace;
import java.util.List;

/** Text as words separated by {@link Whitespace}. */
final class Words {

    private Words() {
    }

    static List<String> of(String text) {
        return Whitespace.split(text);
    }

    /** One space between words, none at the ends. */
    static String normalise(String text) {
        return Whitespace.normalise(text);
    }
}
