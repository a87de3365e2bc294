package io.softq4j.data.step;

import io.softq4j.common.Streams;
import io.softq4j.tokens.Unicode;
import java.util.Arrays;
import java.util.Locale;

/** The words of a text as hashes, in lower case and without punctuation: what stays the same when a text is laid out anew. */
final class Words {

    private Words() {
    }

    /** A hash for each word: a run of letters, numbers and their marks. */
    static long[] of(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        long[] words = new long[lower.length() / 5 + 4];
        int n = 0;
        for (int i = 0; i < lower.length(); ) {
            int start = i;
            while (i < lower.length() && Unicode.isOfWord(lower.codePointAt(i))) {
                i += Character.charCount(lower.codePointAt(i));
            }
            if (i > start) {
                words = n == words.length ? Arrays.copyOf(words, 2 * n) : words;
                words[n++] = Hashes.of(lower, start, i);
            } else {
                i += Character.charCount(lower.codePointAt(i));
            }
        }
        return Arrays.copyOf(words, n);
    }

    /** A hash for each run of {@code n} words; one for the whole text if it is shorter, none if it has no words. */
    static long[] grams(String text, int n) {
        long[] words = of(text);
        int width = Math.min(n, words.length);
        long[] grams = new long[words.length == 0 ? 0 : words.length - width + 1];
        for (int i = 0; i < grams.length; i++) {
            long state = width;
            for (int k = 0; k < width; k++) {
                state = Streams.mix(state ^ words[i + k]);
            }
            grams[i] = state;
        }
        return grams;
    }
}
