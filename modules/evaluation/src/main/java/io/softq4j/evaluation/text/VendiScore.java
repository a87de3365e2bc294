package io.softq4j.evaluation.text;

import io.softq4j.common.Streams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The Vendi score (Friedman and Dieng 2023, arXiv 2210.02410) with a kernel of n-grams: the effective number of different texts, 1 if all
 * are equal, T if no two of T texts have a word in common.
 *
 * <pre>
 *   VS = exp(-sum_i lambda_i ln lambda_i),   lambda: eigenvalues of K / T
 * </pre>
 *
 * <p>K_ij is the mean over n = 1 to N of the cosine between the counts of n-grams of texts i and j, words by white space, divided by the
 * root of K_ii K_jj. That is {@code ngram_vendi_score} of the package vendi-score 0.0.3 (N = 4) if each text has N words. Shorter texts
 * have K_ii below 1 there, for which the score has no meaning; dividing is what its {@code score_K} does with {@code normalize=True}. Texts
 * without words are equal to each other and to no other.
 *
 * <p>Eigenvalues take time cubic in T, so of a large set a sample is scored, the same of every set of that size. The score grows with T:
 * compare sets of equal size.
 */
public final class VendiScore {

    /** N-grams up to this order in the kernel. */
    public static final int ORDER = 4;
    /** Texts that are scored at most. */
    public static final int MOST_TEXTS = 1000;

    private VendiScore() {
    }

    /**
     * The score, 1 to T.
     *
     * @param order     N, at least 1
     * @param mostTexts how many texts are drawn, without replacement, of a larger set
     * @return NaN of no texts
     */
    public static double of(List<String> texts, int order, int mostTexts) {
        List<String> drawn = texts.size() <= mostTexts ? texts : sample(texts, mostTexts);
        return drawn.isEmpty() ? Double.NaN : score(kernel(drawn, order));
    }

    private static List<String> sample(List<String> texts, int size) {
        List<String> drawn = new ArrayList<>(texts);
        SplittableRandom random = Streams.of("texts of a Vendi score", texts.size(), size);
        for (int i = 0; i < size; i++) {
            Collections.swap(drawn, i, i + random.nextInt(drawn.size() - i));
        }
        return drawn.subList(0, size);
    }

    /** exp of the entropy of the eigenvalues of K / T. */
    private static double score(double[][] kernel) {
        double entropy = 0;
        for (double value : SymmetricEigenvalues.of(kernel)) {
            double lambda = value / kernel.length;
            entropy -= lambda > 0 ? lambda * Math.log(lambda) : 0;
        }
        return Math.exp(entropy);
    }

    /** K, [T][T]. */
    static double[][] kernel(List<String> texts, int order) {
        NGrams ngrams = new NGrams(texts.stream().map(Whitespace::split).toList(), order);
        double[][] kernel = new double[texts.size()][texts.size()];
        for (int n = 1; n <= order; n++) {
            add(ngrams, n, kernel);
        }
        double[] self = new double[kernel.length];
        Arrays.setAll(self, i -> kernel[i][i]);
        for (int i = 0; i < kernel.length; i++) {
            for (int j = 0; j <= i; j++) {
                kernel[i][j] = i == j || self[i] == 0 && self[j] == 0 ? 1 : self[i] == 0 || self[j] == 0 ? 0
                        : kernel[i][j] / Math.sqrt(self[i] * self[j]);
                kernel[j][i] = kernel[i][j];
            }
        }
        return kernel;
    }

    /** Adds the cosines of one order below the diagonal and on it, by what n-gram which texts have. */
    private static void add(NGrams ngrams, int n, double[][] kernel) {
        int[] texts = new int[ngrams.distinct(n) + 1]; // of an n-gram; then where its texts begin
        List<List<NGrams.Counted>> counts = new ArrayList<>();
        for (int t = 0; t < kernel.length; t++) {
            counts.add(ngrams.counts(n, t));
            counts.get(t).forEach(ngram -> texts[ngram.id() + 1]++);
        }
        Arrays.parallelPrefix(texts, Integer::sum);
        int[] next = texts.clone();
        int[] who = new int[texts[texts.length - 1]];
        double[] weight = new double[who.length];
        for (int t = 0; t < kernel.length; t++) {
            double length = Math.sqrt(counts.get(t).stream().mapToDouble(ngram -> (double) ngram.count() * ngram.count()).sum());
            for (NGrams.Counted ngram : counts.get(t)) {
                int at = next[ngram.id()]++;
                who[at] = t;
                weight[at] = ngram.count() / length;
            }
        }
        for (int id = 0; id + 1 < texts.length; id++) {
            for (int a = texts[id]; a < texts[id + 1]; a++) {
                double[] row = kernel[who[a]];
                for (int b = texts[id]; b <= a; b++) {
                    row[who[b]] += weight[a] * weight[b];
                }
            }
        }
    }
}
