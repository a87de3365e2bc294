package io.softq4j.onnx;

/**
 * Two sets of logits of one batch, position by position without the padding. What is not a number makes each figure one that is not.
 *
 * @param largest       absolute value of the first
 * @param maxDifference largest absolute difference
 * @param row           where it is
 * @param position      where it is
 * @param token         whose logit it is
 * @param maxKl         largest KL divergence of a position, of the first from the second, in nats
 */
record LogitDifference(double largest, double maxDifference, int row, int position, int token, double maxKl) {

    /** @param vocabulary V, both {@code [B, T, V]} */
    static LogitDifference of(TokenBatch batch, int vocabulary, float[] first, float[] second) {
        if (first.length != second.length) {
            throw new IllegalStateException("the graph gives " + first.length + " logits, the ONNX file " + second.length);
        }
        LogitDifference worst = new LogitDifference(0, 0, 0, 0, 0, 0);
        for (int row = 0; row < batch.rows(); row++) {
            for (int t = 0; t < batch.length(); t++) {
                if (batch.mask()[row][t] != 0) {
                    worst = worst.and(at(row, t, (row * batch.length() + t) * vocabulary, vocabulary, first, second));
                }
            }
        }
        return worst;
    }

    private static LogitDifference at(int row, int t, int start, int vocabulary, float[] first, float[] second) {
        double largest = 0;
        double difference = -1;
        int token = 0;
        for (int i = 0; i < vocabulary; i++) {
            largest = Math.max(largest, Math.abs(first[start + i]));
            double here = Math.abs((double) first[start + i] - second[start + i]);
            if (here > difference || Double.isNaN(here) && !Double.isNaN(difference)) {
                difference = here;
                token = i;
            }
        }
        return new LogitDifference(largest, difference, row, t, token, kl(start, vocabulary, first, second));
    }

    private static double kl(int start, int vocabulary, float[] first, float[] second) {
        double logFirst = logSumExp(start, vocabulary, first);
        double logSecond = logSumExp(start, vocabulary, second);
        double sum = 0;
        for (int i = start; i < start + vocabulary; i++) {
            double log = first[i] - logFirst;
            sum += Math.exp(log) * (log - (second[i] - logSecond));
        }
        return Double.isNaN(sum) ? sum : Math.max(0, sum);
    }

    private static double logSumExp(int start, int vocabulary, float[] logits) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = start; i < start + vocabulary; i++) {
            max = Math.max(max, logits[i]);
        }
        double sum = 0;
        for (int i = start; i < start + vocabulary; i++) {
            sum += Math.exp(logits[i] - max);
        }
        return max + Math.log(sum);
    }

    /** The worse of each. */
    LogitDifference and(LogitDifference other) {
        LogitDifference worse = other.maxDifference > maxDifference || Double.isNaN(other.maxDifference) && !Double.isNaN(maxDifference)
                ? other : this;
        return new LogitDifference(Math.max(largest, other.largest), worse.maxDifference, worse.row, worse.position, worse.token,
                Math.max(maxKl, other.maxKl));
    }

    /** Index of the largest of the logits from {@code start} on. */
    static int argmax(float[] logits, int start, int vocabulary) {
        int best = 0;
        for (int token = 1; token < vocabulary; token++) {
            if (logits[start + token] > logits[start + best]) {
                best = token;
            }
        }
        return best;
    }
}
