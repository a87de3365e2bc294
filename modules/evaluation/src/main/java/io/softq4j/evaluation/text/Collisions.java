package io.softq4j.evaluation.text;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How often two texts drawn for one prompt are the same, and how much of what people wrote is found among what a model wrote.
 *
 * <p>The collision probability of a distribution p over texts is C = sum_x p(x)^2, the chance that two independent draws are equal. A model
 * is calibrated in this sense if C(model) = C(data), ratio 1; below 1 it is more diverse than the data, above 1 less.
 */
public final class Collisions {

    private Collisions() {
    }

    /**
     * An estimate of C without bias from independent draws: pairs that are equal over pairs, sum_x n_x (n_x - 1) / (n (n - 1)).
     *
     * @param draws in a form in which equal texts are equal
     * @return NaN for fewer than two
     */
    public static double probability(List<String> draws) {
        Map<String, Integer> counts = new HashMap<>();
        draws.forEach(draw -> counts.merge(draw, 1, Integer::sum));
        double equal = 0;
        for (int count : counts.values()) {
            equal += (double) count * (count - 1);
        }
        double n = draws.size();
        return n < 2 ? Double.NaN : equal / (n * (n - 1));
    }

    /**
     * The same of n-grams of words, for texts that are too long to be equal as a whole: the chance that an n-gram drawn from one text
     * equals one drawn from another, the mean over all pairs of texts. With f_t(g) the share of n-gram g in text t, (sum_g (sum_t f_t(g))^2
     * - sum_t sum_g f_t(g)^2) / (T (T - 1)). Texts of fewer than n words are left out.
     *
     * @param n at least 1
     * @return NaN for fewer than two texts of n words
     */
    public static double probabilityOfNGrams(List<String> draws, int n) {
        NGrams ngrams = new NGrams(draws.stream().map(Whitespace::split).toList(), n);
        double[] sums = new double[ngrams.distinct(n)];
        double own = 0;
        double texts = 0;
        for (int t = 0; t < ngrams.texts(); t++) {
            double total = ngrams.total(n, t);
            for (NGrams.Counted ngram : ngrams.counts(n, t)) {
                sums[ngram.id()] += ngram.count() / total;
                own += ngram.count() / total * (ngram.count() / total);
            }
            texts += total > 0 ? 1 : 0;
        }
        double all = 0;
        for (double sum : sums) {
            all += sum * sum;
        }
        return texts < 2 ? Double.NaN : Math.max(0, all - own) / (texts * (texts - 1));
    }

    /**
     * Share of the different references that are among the samples.
     *
     * @return NaN without references
     */
    public static double coverage(List<String> references, List<String> samples) {
        return share(new HashSet<>(references), new HashSet<>(samples));
    }

    /**
     * Share of the different n-grams of the references, all together, that are in any sample.
     *
     * @param n at least 1
     * @return NaN if no reference has n words
     */
    public static double coverageOfNGrams(List<String> references, List<String> samples, int n) {
        return share(ngrams(references, n), ngrams(samples, n));
    }

    private static Set<List<String>> ngrams(List<String> texts, int n) {
        Set<List<String>> ngrams = new HashSet<>();
        for (String text : texts) {
            List<String> words = Whitespace.split(text);
            for (int i = 0; i + n <= words.size(); i++) {
                ngrams.add(words.subList(i, i + n));
            }
        }
        return ngrams;
    }

    private static double share(Set<?> of, Set<?> in) {
        return of.isEmpty() ? Double.NaN : (double) of.stream().filter(in::contains).count() / of.size();
    }
}
