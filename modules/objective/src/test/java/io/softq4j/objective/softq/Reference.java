package io.softq4j.objective.softq;


/**
 * The objective as method sections 1 and 2 write it, token by token in float64, from logits alone. Shares nothing with the graph, the batch or its
 * masks.
 */
final class Reference {

    double nll;
    double td;
    double squaredLogZ;
    double rewards;
    double logPi;
    double value0;
    double ending;
    long tokens;

    /**
     * Adds one sequence.
     *
     * @param logits row i predicts token i + 1
     */
    Reference add(double[][] logits, Sequence s, double gamma, double tau) {
        return add(logits, s, gamma, tau, new double[logits.length]);
    }

    /** The same with Q = z - b. @param b of each row */
    Reference add(double[][] logits, Sequence s, double gamma, double tau, double[] b) {
        for (int t = s.prompt(); t < s.ids().length; t++) {
            double[] z = logits[t - 1];
            int x = s.ids()[t];
            double v = value(z, tau);
            nll -= (z[x] - v) / tau;
            squaredLogZ += v / tau * (v / tau);
            boolean terminal = s.ended() && t == s.ids().length - 1;
            double next = terminal ? 0 : value(logits[t], tau) - b[t];
            double delta = z[x] - b[t - 1] - gamma * next;
            td += delta * delta;
            rewards += delta;
            logPi += (z[x] - v) / tau;
            ending += terminal ? (z[x] - v) / tau : 0;
            value0 += t == s.prompt() ? v - b[t - 1] : 0;
            tokens++;
        }
        return this;
    }

    double loss(double lambda) {
        return nll / tokens + lambda * td / tokens;
    }

    static double value(double[] z, double tau) {
        double max = Double.NEGATIVE_INFINITY;
        for (double k : z) {
            max = Math.max(max, k / tau);
        }
        double sum = 0;
        for (double k : z) {
            sum += Math.exp(k / tau - max);
        }
        return tau * (max + Math.log(sum));
    }
}
