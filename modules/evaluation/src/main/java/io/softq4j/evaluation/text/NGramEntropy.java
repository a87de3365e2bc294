package io.softq4j.evaluation.text;

import java.util.List;

/**
 * Shannon entropy of the n-grams of all texts together (Zhang et al. 2018, arXiv 1809.05972, "Entropy-n"), in nats: -sum_g p(g) ln p(g),
 * p(g) being the share of n-gram g. Words by white space. High is diverse; it grows with the amount of text, so it compares only sets of
 * equal size.
 */
public final class NGramEntropy {

    private NGramEntropy() {
    }

    /**
     * The entropy, at least 0.
     *
     * @param n at least 1
     * @return NaN if no text has n words
     */
    public static double of(List<String> texts, int n) {
        NGrams ngrams = new NGrams(texts.stream().map(Whitespace::split).toList(), n);
        long[] counts = new long[ngrams.distinct(n)];
        long total = 0;
        for (int t = 0; t < ngrams.texts(); t++) {
            for (int id : ngrams.ids(n, t)) {
                counts[id]++;
                total++;
            }
        }
        double entropy = 0;
        for (long count : counts) {
            double p = (double) count / total;
            entropy -= p * Math.log(p);
        }
        return total == 0 ? Double.NaN : Math.max(0, entropy);
    }
}
