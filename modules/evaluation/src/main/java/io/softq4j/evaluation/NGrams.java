package io.softq4j.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The n-grams of many texts, as numbers: equal n-grams of the same order have equal numbers, 0 to {@link #distinct} - 1.
 *
 * <p>Exact, without hashing collisions: the number of an n-gram stands for the pair (number of its first n-1 words, last word).
 */
final class NGrams {

    private final int[][][] ids;   // [order - 1][text][position]
    private final int[] distinct;  // [order - 1]

    NGrams(List<List<String>> texts, int maxOrder) {
        ids = new int[maxOrder][texts.size()][];
        distinct = new int[maxOrder];
        Map<String, Integer> words = new HashMap<>();
        for (int t = 0; t < texts.size(); t++) {
            ids[0][t] = texts.get(t).stream().mapToInt(word -> number(words, word)).toArray();
        }
        distinct[0] = words.size();
        for (int order = 2; order <= maxOrder; order++) {
            Map<Long, Integer> pairs = new HashMap<>();
            for (int t = 0; t < texts.size(); t++) {
                ids[order - 1][t] = extended(ids[order - 2][t], ids[0][t], order, pairs);
            }
            distinct[order - 1] = pairs.size();
        }
    }

    private static int[] extended(int[] shorter, int[] words, int order, Map<Long, Integer> pairs) {
        int[] longer = new int[Math.max(0, words.length - order + 1)];
        for (int i = 0; i < longer.length; i++) {
            longer[i] = number(pairs, ((long) shorter[i] << 32) | words[i + order - 1]);
        }
        return longer;
    }

    private static <K> int number(Map<K, Integer> numbers, K key) {
        Integer next = numbers.size();
        Integer seen = numbers.putIfAbsent(key, next);
        return seen == null ? next : seen;
    }

    int texts() {
        return ids[0].length;
    }

    int words(int text) {
        return ids[0][text].length;
    }

    /** How many different n-grams of this order there are. */
    int distinct(int order) {
        return distinct[order - 1];
    }

    /** How many n-grams of this order a text has, repeats counted. */
    int total(int order, int text) {
        return ids[order - 1][text].length;
    }

    /** The different n-grams of a text with their counts, in ascending order of their numbers. */
    List<Counted> counts(int order, int text) {
        int[] sorted = ids[order - 1][text].clone();
        Arrays.sort(sorted);
        List<Counted> counts = new ArrayList<>();
        for (int i = 0; i < sorted.length; ) {
            int j = i;
            while (j < sorted.length && sorted[j] == sorted[i]) {
                j++;
            }
            counts.add(new Counted(sorted[i], j - i));
            i = j;
        }
        return counts;
    }

    /** An n-gram's number and how often it occurs. */
    record Counted(int id, int count) {
    }
}
