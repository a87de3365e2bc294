package io.softq4j.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** BLEU as its definition reads, pair by pair, in quadratic time; written apart from the product's code to hold that to it. */
final class SlowBleu {

    private SlowBleu() {
    }

    /** NLTK's sentence_bleu with uniform weights and method1. */
    static double nltk(List<List<String>> references, List<String> text, int maxOrder) {
        double product = 1;
        for (int n = 1; n <= maxOrder; n++) {
            double matches = matches(references, text, n);
            if (n == 1 && matches == 0) {
                return 0;
            }
            product *= (matches == 0 ? 0.1 : matches) / Math.max(1, text.size() - n + 1);
        }
        return penalty(references, text) * Math.pow(product, 1.0 / maxOrder);
    }

    /** sacreBLEU's sentence_bleu on tokens: four orders, exp smoothing, effective order. */
    static double sacre(List<List<String>> references, List<String> text) {
        if (text.isEmpty() || matches(references, text, 1) == 0) {
            return 0;
        }
        int orders = Math.min(4, text.size());
        double product = 1;
        int without = 0;
        for (int n = 1; n <= orders; n++) {
            double matches = matches(references, text, n);
            product *= (matches == 0 ? Math.pow(0.5, ++without) : matches) / (text.size() - n + 1);
        }
        return penalty(references, text) * Math.pow(product, 1.0 / orders);
    }

    static <T> List<T> without(List<T> all, int index) {
        List<T> others = new ArrayList<>(all);
        others.remove(index);
        return others;
    }

    private static int matches(List<List<String>> references, List<String> text, int n) {
        int matches = 0;
        for (Map.Entry<List<String>, Integer> ngram : counts(text, n).entrySet()) {
            int most = references.stream().mapToInt(reference -> counts(reference, n).getOrDefault(ngram.getKey(), 0)).max().orElse(0);
            matches += Math.min(ngram.getValue(), most);
        }
        return matches;
    }

    private static Map<List<String>, Integer> counts(List<String> text, int n) {
        Map<List<String>, Integer> counts = new HashMap<>();
        for (int i = 0; i + n <= text.size(); i++) {
            counts.merge(List.copyOf(text.subList(i, i + n)), 1, Integer::sum);
        }
        return counts;
    }

    private static double penalty(List<List<String>> references, List<String> text) {
        int nearest = Integer.MAX_VALUE;
        for (List<String> reference : references) {
            int gap = Math.abs(reference.size() - text.size());
            int best = Math.abs(nearest - text.size());
            if (nearest == Integer.MAX_VALUE || gap < best || gap == best && reference.size() < nearest) {
                nearest = reference.size();
            }
        }
        return text.size() > nearest ? 1 : Math.exp(1 - (double) nearest / text.size());
    }
}
