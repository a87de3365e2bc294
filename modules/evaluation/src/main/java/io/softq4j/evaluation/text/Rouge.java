package io.softq4j.evaluation.text;

import java.util.ArrayList;
import java.util.List;

/**
 * ROUGE (Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries") with the values of rouge-score 0.1.2, that is, of
 * ROUGE-1.5.5.pl.
 *
 * <p>Words are runs of the letters a to z and the digits, after capitals have become small letters; all else separates them, so texts in
 * other scripts have no words and score 0.
 *
 * @param stemmer whether words of more than three letters are compared by their {@link PorterStemmer stems}
 */
public record Rouge(boolean stemmer) {

    private static final int STEMMED_FROM = 4;

    /**
     * ROUGE-n: n-grams of words that both have, each at most as often as in the one that has it less often.
     *
     * @param n at least 1
     */
    public RougeScore n(int n, String reference, String text) {
        NGrams ngrams = new NGrams(List.of(words(text), words(reference)), n);
        return RougeScore.of(ngrams.matches(n, 0, 1), ngrams.total(n, 0), ngrams.total(n, 1));
    }

    /** ROUGE-L: the longest common subsequence of words. */
    public RougeScore l(String reference, String text) {
        NGrams words = new NGrams(List.of(words(text), words(reference)), 1);
        int[] written = words.ids(1, 0);
        int[] expected = words.ids(1, 1);
        int[] longest = new int[written.length + 1];
        for (int word : expected) {
            int diagonal = 0;
            for (int j = 1; j <= written.length; j++) {
                int above = longest[j];
                longest[j] = word == written[j - 1] ? diagonal + 1 : Math.max(above, longest[j - 1]);
                diagonal = above;
            }
        }
        return RougeScore.of(longest[written.length], written.length, expected.length);
    }

    /**
     * ROUGE-Lsum: for each sentence of the reference, the words that are in a longest common subsequence with any sentence of the text,
     * each word counted at most as often as either side has it. A sentence is a line.
     */
    public RougeScore lsum(String reference, String text) {
        List<List<String>> sentences = new ArrayList<>(sentences(text));
        int written = sentences.size();
        sentences.addAll(sentences(reference));
        NGrams words = new NGrams(sentences, 1);
        int[] leftInText = new int[words.distinct(1)];
        int[] leftInReference = new int[leftInText.length];
        int inText = count(words, 0, written, leftInText);
        int inReference = count(words, written, sentences.size(), leftInReference);
        int hits = 0;
        for (int r = written; r < sentences.size(); r++) {
            int[] expected = words.ids(1, r);
            boolean[] common = new boolean[expected.length];
            for (int s = 0; s < written; s++) {
                markCommon(expected, words.ids(1, s), common);
            }
            for (int i = 0; i < expected.length; i++) {
                if (common[i] && leftInText[expected[i]] > 0 && leftInReference[expected[i]] > 0) {
                    hits++;
                    leftInText[expected[i]]--;
                    leftInReference[expected[i]]--;
                }
            }
        }
        return RougeScore.of(hits, inText, inReference);
    }

    private static int count(NGrams words, int from, int to, int[] counts) {
        int total = 0;
        for (int t = from; t < to; t++) {
            for (int word : words.ids(1, t)) {
                counts[word]++;
                total++;
            }
        }
        return total;
    }

    /** Marks the words of one longest common subsequence: of several the one that rouge-score finds, going back from the ends. */
    private static void markCommon(int[] expected, int[] written, boolean[] common) {
        boolean[][] shorter = new boolean[expected.length + 1][written.length + 1]; // where the way back leaves out a word of the text
        int[] above = new int[written.length + 1];
        for (int i = 1; i <= expected.length; i++) {
            int[] longest = new int[written.length + 1];
            for (int j = 1; j <= written.length; j++) {
                shorter[i][j] = longest[j - 1] > above[j];
                longest[j] = expected[i - 1] == written[j - 1] ? above[j - 1] + 1 : Math.max(above[j], longest[j - 1]);
            }
            above = longest;
        }
        int i = expected.length;
        int j = written.length;
        while (i > 0 && j > 0) {
            if (expected[i - 1] == written[j - 1]) {
                common[i - 1] = true;
                i--;
                j--;
            } else if (shorter[i][j]) {
                j--;
            } else {
                i--;
            }
        }
    }

    private List<List<String>> sentences(String text) {
        List<List<String>> sentences = new ArrayList<>();
        for (String line : text.split("\n")) {
            sentences.add(words(line));
        }
        return sentences;
    }

    /** The words of a text. */
    List<String> words(String text) {
        String small = SmallLetters.of(text);
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= small.length(); i++) {
            char c = i == small.length() ? ' ' : small.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9')) {
                if (i > start) {
                    String word = small.substring(start, i);
                    words.add(stemmer && word.length() >= STEMMED_FROM ? PorterStemmer.stem(word) : word);
                }
                start = i + 1;
            }
        }
        return words;
    }
}
