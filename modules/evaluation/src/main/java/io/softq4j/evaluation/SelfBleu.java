package io.softq4j.evaluation;

import io.softq4j.evaluation.text.BleuTokenizer;
import io.softq4j.evaluation.text.NGrams;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Self-BLEU (Zhu et al. 2018, Texygen, arXiv 1802.01886): the mean BLEU of each text with all the others as its references, 0 to 100. 100 is a set in
 * which every text is made of pieces of another; high is little diversity.
 *
 * <p>Two protocols, because papers mean two things:
 * <ul>
 * <li>{@link #ofSet}: each text against all others, whatever its prompt. Texygen's: uniform weights on orders 1 to n, NLTK's {@code method1}
 *     smoothing. Texygen splits words by NLTK's {@code word_tokenize} (its corpora are tokenised already) and its fast mode keeps the first 500
 *     texts; here words are what white space separates, and all texts count.</li>
 * <li>{@link #ofPrompts}: the samples of one prompt against each other, averaged over prompts: sacreBLEU's {@code sentence_bleu} (orders 1 to 4,
 *     tokenisation 13a, {@code exp} smoothing, effective order).</li>
 * </ul>
 *
 * <p>Both grow with the number of texts and with their length, and a text without words scores 0, that is, counts as diverse: compare only at equal
 * counts, and never without the length.
 *
 * <p>The direct way takes time quadratic in the texts. Here it is linear: for each n-gram the largest count in any text, which text that is, and the
 * largest count in the others are found once; the references' largest count, seen from text i, is the second where the first is i's own.
 */
public final class SelfBleu {

    /** Texygen's order of the n-grams in most of its tables, and the default here. */
    public static final int SET_ORDER = 3;
    private static final int PROMPT_ORDER = 4;

    private SelfBleu() {
    }

    /** Set-level Self-BLEU over orders 1 to {@code maxOrder}; empty where there are fewer than two texts. */
    public static OptionalDouble ofSet(List<String> texts, int maxOrder) {
        if (maxOrder < 1) {
            throw new IllegalArgumentException("n-gram order " + maxOrder + ", must be at least 1");
        }
        return mean(texts.stream().map(Words::of).toList(), maxOrder, Smoothing.EPSILON);
    }

    /** Prompt-level Self-BLEU: the mean over prompts with at least two samples; empty where there is none. */
    public static OptionalDouble ofPrompts(List<List<String>> textsByPrompt) {
        return textsByPrompt.stream()
                .map(texts -> mean(texts.stream().map(BleuTokenizer.MTEVAL_13A::tokens).toList(), PROMPT_ORDER, Smoothing.EXPONENTIAL))
                .flatMapToDouble(OptionalDouble::stream)
                .average();
    }

    private static OptionalDouble mean(List<List<String>> texts, int maxOrder, Smoothing smoothing) {
        if (texts.size() < 2) {
            return OptionalDouble.empty();
        }
        NGrams ngrams = new NGrams(texts, maxOrder);
        int[][] matches = matches(ngrams, maxOrder); // [text][order - 1]
        TreeMap<Integer, Integer> lengths = new TreeMap<>();
        for (int t = 0; t < ngrams.texts(); t++) {
            lengths.merge(ngrams.words(t), 1, Integer::sum);
        }
        double sum = 0;
        for (int t = 0; t < ngrams.texts(); t++) {
            int[] totals = new int[maxOrder];
            for (int order = 1; order <= maxOrder; order++) {
                totals[order - 1] = ngrams.total(order, t);
            }
            sum += smoothing.bleu(matches[t], totals, ngrams.words(t), nearestOther(lengths, ngrams.words(t)));
        }
        return OptionalDouble.of(100 * sum / ngrams.texts());
    }

    private static int[][] matches(NGrams ngrams, int maxOrder) {
        int[][] matches = new int[ngrams.texts()][maxOrder];
        for (int order = 1; order <= maxOrder; order++) {
            int[] most = new int[ngrams.distinct(order)];
            int[] mostIn = new int[most.length];
            int[] mostElsewhere = new int[most.length];
            Arrays.fill(mostIn, -1);
            for (int t = 0; t < ngrams.texts(); t++) {
                for (NGrams.Counted ngram : ngrams.counts(order, t)) {
                    if (ngram.count() > most[ngram.id()]) {
                        mostElsewhere[ngram.id()] = most[ngram.id()];
                        most[ngram.id()] = ngram.count();
                        mostIn[ngram.id()] = t;
                    } else {
                        mostElsewhere[ngram.id()] = Math.max(mostElsewhere[ngram.id()], ngram.count());
                    }
                }
            }
            for (int t = 0; t < ngrams.texts(); t++) {
                for (NGrams.Counted ngram : ngrams.counts(order, t)) {
                    int allowed = mostIn[ngram.id()] == t ? mostElsewhere[ngram.id()] : most[ngram.id()];
                    matches[t][order - 1] += Math.min(ngram.count(), allowed);
                }
            }
        }
        return matches;
    }

    /** The length nearest to {@code own} among the other texts; the shorter of two. */
    private static int nearestOther(TreeMap<Integer, Integer> lengths, int own) {
        if (lengths.get(own) > 1) {
            return own;
        }
        Map.Entry<Integer, Integer> shorter = lengths.lowerEntry(own);
        Map.Entry<Integer, Integer> longer = lengths.higherEntry(own);
        if (shorter == null) {
            return longer.getKey();
        }
        return longer == null || own - shorter.getKey() <= longer.getKey() - own ? shorter.getKey() : longer.getKey();
    }
}
