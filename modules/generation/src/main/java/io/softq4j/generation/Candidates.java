package io.softq4j.generation;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.IntPredicate;

/**
 * The tokens that may come next, in order of their ids, with their scores: logits, or logits that {@link LogitsProcessor}s have changed.
 * Memory for one vocabulary, used anew for each token.
 */
final class Candidates {

    private final float[] logits; // [V]
    private final int[] ids;
    private final float[] scores;
    private final double[] weights;
    private int count;
    private boolean weighted;

    Candidates(int vocabulary) {
        this.logits = new float[vocabulary];
        this.ids = new int[vocabulary];
        this.scores = new float[vocabulary];
        this.weights = new double[vocabulary];
    }

    /** The array to put the logits {@code [V]} into before {@link #begin}. */
    float[] logits() {
        return logits;
    }

    /** Makes the logits log-probabilities. */
    void normalise(double logSumExp) {
        for (int id = 0; id < logits.length; id++) {
            logits[id] = (float) (logits[id] - logSumExp);
        }
    }

    /** Every token, its score its logit. */
    void begin() {
        count = logits.length;
        for (int id = 0; id < count; id++) {
            ids[id] = id;
        }
        System.arraycopy(logits, 0, scores, 0, count);
        weighted = false;
    }

    int count() {
        return count;
    }

    int id(int index) {
        return ids[index];
    }

    float score(int index) {
        return scores[index];
    }

    /** The scores, of which the first {@link #count} hold. */
    float[] scores() {
        return scores;
    }

    /** Gives the token another score, as long as there is every token. */
    void score(int id, float score) {
        scores[id] = score;
        weighted = false;
    }

    /** Leaves only these tokens a chance, the same to each, as long as there is every token. */
    void force(Collection<Integer> only) {
        Arrays.fill(scores, 0, count, Float.NEGATIVE_INFINITY);
        only.forEach(id -> scores[id] = 0);
        weighted = false;
    }

    /** The greatest score. */
    float max() {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, scores[i]);
        }
        return max;
    }

    /** Scores become (score - max) / divisor; softmax does not see the max. */
    void divide(double divisor) {
        float max = max();
        for (int i = 0; i < count; i++) {
            scores[i] = (float) ((scores[i] - max) / divisor);
        }
        weighted = false;
    }

    /** Takes the same off every score. */
    void subtract(double less) {
        for (int i = 0; i < count; i++) {
            scores[i] = (float) (scores[i] - less);
        }
        weighted = false;
    }

    /** Of softmax(scores), nats. */
    double entropy() {
        float max = max();
        double total = total();
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += weights[i] > 0 ? weights[i] * (scores[i] - max) : 0;
        }
        return StrictMath.log(total) - sum / total;
    }

    /** exp(score - max): probabilities but for their sum. The first {@link #count} hold. */
    double[] weights() {
        if (!weighted) {
            float max = max();
            for (int i = 0; i < count; i++) {
                weights[i] = weight(scores[i] - max);
            }
            weighted = true;
        }
        return weights;
    }

    /** Sum of the weights, in order. */
    double total() {
        double[] each = weights();
        double total = 0;
        for (int i = 0; i < count; i++) {
            total += each[i];
        }
        return total;
    }

    /** A weight so small that 2^31 of them do not change a sum of at least 1 in double is 0, without the exponential. */
    private static double weight(float score) {
        return score < -60 ? 0 : StrictMath.exp(score);
    }

    /**
     * Leaves only the tokens of at least this score.
     *
     * @param equals how much weight of tokens of exactly this score to keep, lowest ids first: one is kept while those before it weigh less
     */
    void keep(float least, double equals) {
        int kept = 0;
        double taken = 0;
        for (int i = 0; i < count; i++) {
            if (scores[i] < least || scores[i] == least && taken >= equals) {
                continue;
            }
            if (scores[i] == least && weighted) {
                taken += weights[i];
            }
            ids[kept] = ids[i];
            scores[kept] = scores[i];
            weights[kept] = weights[i];
            kept++;
        }
        count = kept;
    }

    /** Leaves only those of the first {@link #count} places that are wanted. */
    void retain(IntPredicate wanted) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (wanted.test(i)) {
                ids[kept] = ids[i];
                scores[kept] = scores[i];
                kept++;
            }
        }
        count = kept;
        weighted = false; // the best may be gone
    }
}
