package io.softq4j.evaluation;

import java.util.List;

/**
 * How long the samples are; to be read beside every diversity, since most measures favour short text.
 *
 * @param meanTokens mean number of tokens of a sample, EOS included
 * @param minTokens  of the shortest
 * @param maxTokens  of the longest
 * @param ended      fraction of samples that the model ended itself; the rest was cut off at the limit
 */
public record ResponseLength(double meanTokens, int minTokens, int maxTokens, double ended) {

    /** Measures at least one sample. */
    static ResponseLength of(List<Sample> samples) {
        var tokens = samples.stream().mapToInt(Sample::tokens).summaryStatistics();
        return new ResponseLength(tokens.getAverage(), tokens.getMin(), tokens.getMax(),
                (double) samples.stream().filter(Sample::ended).count() / samples.size());
    }
}
