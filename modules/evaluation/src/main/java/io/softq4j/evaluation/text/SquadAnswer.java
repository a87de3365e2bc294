package io.softq4j.evaluation.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers compared as SQuAD does (Rajpurkar et al. 2016, arXiv 1606.05250, {@code evaluate-v1.1.py}): in small letters, without ASCII
 * punctuation, without the articles a, an and the, with single spaces.
 *
 * <p>If an answer has no word left, F1 is 1 if the other has none either, else 0, as in SQuAD's second script; the first gave 0 to both.
 */
public final class SquadAnswer {

    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private SquadAnswer() {
    }

    /** The form in which answers are compared. */
    public static String normalise(String text) {
        StringBuilder letters = new StringBuilder(text.length());
        SmallLetters.of(text).codePoints().filter(c -> PUNCTUATION.indexOf(c) < 0).forEach(letters::appendCodePoint);
        return Whitespace.normalise(withoutArticles(letters.toString()));
    }

    /**
     * Articles are whole words between what Python's {@code \b} takes for borders, which is not white space alone: a combining mark is one.
     */
    private static String withoutArticles(String text) {
        int[] points = text.codePoints().toArray();
        StringBuilder kept = new StringBuilder(text.length());
        for (int i = 0; i < points.length; ) {
            int end = i;
            while (end < points.length && isWord(points[end])) {
                end++;
            }
            String word = new String(points, i, end - i);
            if (end == i) {
                kept.appendCodePoint(points[end++]);
            } else {
                kept.append(word.equals("a") || word.equals("an") || word.equals("the") ? " " : word);
            }
            i = end;
        }
        return kept.toString();
    }

    /** Python's {@code \w}: letters and numbers of all kinds. The underscore is punctuation, and gone. */
    private static boolean isWord(int c) {
        return switch (Character.getType(c)) {
            case Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
            default -> Character.isLetterOrDigit(c);
        };
    }

    /** Whether both are one answer. */
    public static boolean isExact(String reference, String text) {
        return normalise(reference).equals(normalise(text));
    }

    /** F1 of the words of both, order aside, in [0, 1]. */
    public static double f1(String reference, String text) {
        List<String> expected = Whitespace.split(normalise(reference));
        List<String> written = Whitespace.split(normalise(text));
        if (expected.isEmpty() || written.isEmpty()) {
            return expected.isEmpty() && written.isEmpty() ? 1 : 0;
        }
        Map<String, Integer> left = new HashMap<>();
        expected.forEach(word -> left.merge(word, 1, Integer::sum));
        int same = 0;
        for (String word : written) {
            if (left.merge(word, -1, Integer::sum) >= 0) {
                same++;
            }
        }
        return RougeScore.of(same, written.size(), expected.size()).f();
    }
}
