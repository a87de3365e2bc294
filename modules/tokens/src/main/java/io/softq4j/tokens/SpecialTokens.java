package io.softq4j.tokens;

import java.util.List;
import java.util.Map;

/**
 * The tokens that are found in text before anything else is done to it: at each place the leftmost, among those the longest, as
 * Hugging Face's added tokens are.
 */
final class SpecialTokens {

    /** Where text is cut: {@code [start, end)} spells the token {@code id}; the end of the text has id -1. */
    record Hit(int start, int end, int id) {
    }

    private final List<Map.Entry<String, Integer>> longestFirst;

    SpecialTokens(Map<String, Integer> ids) {
        longestFirst = ids.entrySet().stream()
                .map(e -> Map.entry(e.getKey(), e.getValue()))
                .sorted((a, b) -> a.getKey().length() != b.getKey().length() ? b.getKey().length() - a.getKey().length()
                        : a.getKey().compareTo(b.getKey()))
                .toList();
    }

    /** The first special token at or after {@code from}. */
    Hit next(String text, int from) {
        Hit best = new Hit(text.length(), text.length(), -1);
        for (Map.Entry<String, Integer> token : longestFirst) {
            int start = text.indexOf(token.getKey(), from);
            if (start >= 0 && start < best.start()) {
                best = new Hit(start, start + token.getKey().length(), token.getValue());
            }
        }
        return best;
    }
}
