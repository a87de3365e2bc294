package io.softq4j.evaluation.text;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer found in a text by a regular expression, and compared with the one found in a reference.
 *
 * <p>Of several matches the last counts by default, as in the filter {@code flexible-extract} of EleutherAI's lm-evaluation-harness, since
 * a text that reasons ends with its answer. A reference in which the expression finds nothing is an answer as a whole, so references may be
 * whole solutions or answers alone. A text in which it finds nothing is wrong.
 *
 * @param pattern what an answer looks like, in Java's regular expressions
 * @param group   which of its groups is the answer, 0 for all of the match; {@link #FIRST_GROUP} for the first group that took part and is
 *                not empty, all of the match if there is none
 * @param last    whether the last match counts; the first otherwise
 * @param form    when two answers are one
 */
public record AnswerPattern(Pattern pattern, int group, boolean last, Form form) {

    /** Stands for the first group that is not empty. */
    public static final int FIRST_GROUP = -1;

    /** When two answers are one. */
    public enum Form {
        /** By {@link NumberForm} if both are numbers, else as {@link #TEXT}. */
        NUMBER,
        /** In small letters, with single spaces. */
        TEXT,
        /** Letter by letter. */
        NONE
    }

    public AnswerPattern {
        Objects.requireNonNull(form, "form");
        int groups = pattern.matcher("").groupCount();
        if (group < FIRST_GROUP || group > groups) {
            throw new IllegalArgumentException("group " + group + " of a pattern that has " + groups + ": " + pattern);
        }
    }

    /** The answer that a text gives; empty if it gives none. */
    public Optional<String> answer(String text) {
        Matcher match = pattern.matcher(text);
        String found = null;
        while ((found == null || last) && match.find()) {
            found = found(match);
        }
        return Optional.ofNullable(found);
    }

    private String found(Matcher match) {
        if (group != FIRST_GROUP) {
            return Objects.requireNonNullElse(match.group(group), "");
        }
        for (int g = 1; g <= match.groupCount(); g++) {
            if (match.group(g) != null && !match.group(g).isEmpty()) {
                return match.group(g);
            }
        }
        return match.group();
    }

    /** Whether a text gives the answer of a reference. */
    public boolean isRight(String reference, String text) {
        String expected = answer(reference).orElse(reference);
        return answer(text).map(found -> isOne(expected, found)).orElse(false);
    }

    private boolean isOne(String one, String other) {
        if (form == Form.NONE) {
            return one.equals(other);
        }
        if (form == Form.NUMBER) {
            var first = NumberForm.of(one);
            var second = NumberForm.of(other);
            if (first.isPresent() && second.isPresent()) {
                return first.get().compareTo(second.get()) == 0;
            }
        }
        return plain(one).equals(plain(other));
    }

    private static String plain(String answer) {
        return SmallLetters.of(Whitespace.normalise(answer));
    }
}
