package io.softq4j.evaluation;

import io.softq4j.evaluation.text.NGrams;
import java.util.List;
import java.util.OptionalDouble;

/**
 * distinct-n (Li et al. 2016, arXiv 1510.03055): different n-grams over all n-grams of all texts, words by white space; in (0, 1], high is diverse.
 * It falls as text is added, so it compares only sets of equal size.
 */
public final class DistinctN {

    private DistinctN() {
    }

    /** distinct-{@code order} of the texts together; empty where no text has that many words. */
    public static OptionalDouble of(List<String> texts, int order) {
        NGrams ngrams = new NGrams(texts.stream().map(Words::of).toList(), order);
        long total = 0;
        for (int t = 0; t < ngrams.texts(); t++) {
            total += ngrams.total(order, t);
        }
        return total == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) ngrams.distinct(order) / total);
    }
}
