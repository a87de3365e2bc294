package io.softq4j.evaluation.text;

import java.util.List;

/**
 * Precision, recall and F of {@link Rouge}, each in [0, 1].
 *
 * @param precision share of the text that the reference has
 * @param recall    share of the reference that the text has
 * @param f         their harmonic mean
 */
public record RougeScore(double precision, double recall, double f) {

    static RougeScore of(int matches, int inText, int inReference) {
        double precision = (double) matches / Math.max(1, inText);
        double recall = (double) matches / Math.max(1, inReference);
        return new RougeScore(precision, recall, precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0);
    }

    /** The one with the highest F, the first of equals; of scores against several references what {@code RougeScorer.score_multi} gives. */
    public static RougeScore best(List<RougeScore> scores) {
        RougeScore best = scores.get(0);
        for (RougeScore score : scores) {
            best = score.f > best.f ? score : best;
        }
        return best;
    }

    /** The mean of each of the three, so that F is no function of the other two any more. */
    public static RougeScore mean(List<RougeScore> scores) {
        return new RougeScore(scores.stream().mapToDouble(RougeScore::precision).average().orElseThrow(),
                scores.stream().mapToDouble(RougeScore::recall).average().orElseThrow(),
                scores.stream().mapToDouble(RougeScore::f).average().orElseThrow());
    }
}
