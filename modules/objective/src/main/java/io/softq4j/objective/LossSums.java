package io.softq4j.objective;

/**
 * What a micro-batch adds to the loss and to the figures that are logged, as sums: divide by the counts of everything added up.
 *
 * @param nll     sum of m_t (-log pi_t), in nats
 * @param td      sum of d_t delta_t^2
 * @param entropy sum of m_t H(pi(.|s_t)), in nats
 * @param value0  sum of V_0, the value of the state that predicts the first response token, over {@code starts}
 * @param zLoss   z_loss x the sum of m_t (V_t / tau)^2
 * @param starts  number of responses that begin in the batch
 * @param counts  N and N_d of what was summed
 */
public record LossSums(double nll, double td, double entropy, double value0, double zLoss, long starts, Counts counts) {

    public static final LossSums ZERO = new LossSums(0, 0, 0, 0, 0, 0, Counts.ZERO);

    /** The sums over both together. */
    public LossSums plus(LossSums o) {
        return new LossSums(nll + o.nll, td + o.td, entropy + o.entropy, value0 + o.value0, zLoss + o.zLoss, starts + o.starts,
                counts.plus(o.counts));
    }

    /** Mean negative log-likelihood of a response token, nats; 0 where nothing was scored. */
    public double meanNll() {
        return mean(nll, counts.responseTokens());
    }

    /** Mean squared TD residual; 0 where nothing was scored. */
    public double meanTd() {
        return mean(td, counts.tdTerms());
    }

    /** Mean entropy of the policy where a response token was scored, nats; 0 where none was. */
    public double meanEntropy() {
        return mean(entropy, counts.responseTokens());
    }

    /** Mean V_0 of the responses that begin; 0 where none does. */
    public double meanValue0() {
        return mean(value0, starts);
    }

    /** z_loss x mean squared log Z; 0 where it is off or nothing was scored. */
    public double meanZLoss() {
        return mean(zLoss, counts.responseTokens());
    }

    /** L of method Eq. 14: mean NLL + lambda x mean squared TD residual; and the z-loss. */
    public double loss(double lambda) {
        return meanNll() + lambda * meanTd() + meanZLoss();
    }

    private static double mean(double sum, long count) {
        return count == 0 ? 0 : sum / count;
    }
}
