package io.softq4j.evaluation.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The n-grams of many texts, as numbers: equal n-grams of the same order have equal numbers, 0 to {@link #distinct} - 1.
 *
 * <p>Exact, without hashing collisions: the number of an n-gram stands for the pair (number of its first n-1 units, last unit). A unit is a
 * word or a code point.
 */
public final class NGrams {

    private final int[][][] ids;   // [order - 1][text][position]
    private final int[] distinct;  // [order - 1]

    /** N-grams of words of the orders 1 to {@code maxOrder}. */
    public NGrams(List<List<String>> texts, int maxOrder) {
        this(numbered(texts), maxOrder);
    }

    /** The same of texts whose units are numbers already, such as code points, [text][position]. */
    NGrams(int[][] texts, int maxOrder) {
        ids = new int[maxOrder][texts.length][];
        distinct = new int[maxOrder];
        int units = Arrays.stream(texts).mapToInt(text -> text.length).sum();
        for (int order = 1; order <= maxOrder; order++) {
            PairNumbers pairs = new PairNumbers(units);
            for (int t = 0; t < texts.length; t++) {
                int[] shorter = order == 1 ? null : ids[order - 2][t];
                int[] longer = new int[Math.max(0, texts[t].length - order + 1)];
                for (int i = 0; i < longer.length; i++) {
                    longer[i] = pairs.number(shorter == null ? 0 : shorter[i], texts[t][i + order - 1]);
                }
                ids[order - 1][t] = longer;
            }
            distinct[order - 1] = pairs.size();
        }
    }

    private static int[][] numbered(List<List<String>> texts) {
        Map<String, Integer> words = new HashMap<>();
        int[][] numbers = new int[texts.size()][];
        for (int t = 0; t < numbers.length; t++) {
            numbers[t] = texts.get(t).stream().mapToInt(word -> number(words, word)).toArray();
        }
        return numbers;
    }

    private static int number(Map<String, Integer> numbers, String word) {
        Integer next = numbers.size();
        Integer seen = numbers.putIfAbsent(word, next);
        return seen == null ? next : seen;
    }

    /** How many texts there are. */
    public int texts() {
        return ids[0].length;
    }

    /** Units of a text. */
    public int words(int text) {
        return ids[0][text].length;
    }

    /** How many different n-grams of this order there are. */
    public int distinct(int order) {
        return distinct[order - 1];
    }

    /** How many n-grams of this order a text has, repeats counted. */
    public int total(int order, int text) {
        return ids[order - 1][text].length;
    }

    /** The different n-grams of a text with their counts, in ascending order of their numbers. */
    public List<Counted> counts(int order, int text) {
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

    /** The numbers of the n-grams of a text, in the order of the text; not a copy. */
    int[] ids(int order, int text) {
        return ids[order - 1][text];
    }

    /** How often each n-gram stands in a text, by its number. */
    int[] histogram(int order, int text) {
        int[] counts = new int[distinct[order - 1]];
        for (int id : ids[order - 1][text]) {
            counts[id]++;
        }
        return counts;
    }

    /** How many n-grams of one text are found in another, each at most as often as it stands there. */
    int matches(int order, int one, int other) {
        int[] left = histogram(order, other);
        int matches = 0;
        for (int id : ids[order - 1][one]) {
            if (left[id]-- > 0) {
                matches++;
            }
        }
        return matches;
    }

    /**
     * An n-gram and how often it occurs.
     *
     * @param id    its number
     * @param count at least 1
     */
    public record Counted(int id, int count) {
    }
}
