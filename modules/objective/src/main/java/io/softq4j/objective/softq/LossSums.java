package io.softq4j.objective.softq;

import io.softq4j.objective.Counts;
import io.softq4j.objective.Figure;
import io.softq4j.objective.Figures;

/**
 * What a batch adds to the parts of the loss and to the figures that are told, as sums: divide by the counts of everything added up.
 *
 * @param nll     sum of m_t (-log pi_t), in nats
 * @param td      sum of d_t delta_t^2
 * @param entropy sum of m_t H(pi(.|s_t)), in nats
 * @param value0  sum of V_0, the value of the state that predicts the first response token, over {@code starts}
 * @param zLoss   z_loss x the sum of m_t (V_t / tau)^2
 * @param labelSmoothing sum of m_t of what label smoothing adds
 * @param starts  number of responses that begin in the batch
 * @param ending  sum of log pi of the tokens that end a response, in nats, over {@code ends}
 * @param ends    number of responses that end in the batch
 * @param counts  N and N_d of what was summed
 */
public record LossSums(double nll, double td, double entropy, double value0, double zLoss, double labelSmoothing, long starts,
                       double ending, long ends, Counts counts) {

    public static final LossSums ZERO = new LossSums(0, 0, 0, 0, 0, 0, 0, 0, 0, Counts.ZERO);

    /** Without label smoothing, of responses that do not end. */
    public LossSums(double nll, double td, double entropy, double value0, double zLoss, long starts, Counts counts) {
        this(nll, td, entropy, value0, zLoss, 0, starts, 0, 0, counts);
    }

    /** The sums over both together. */
    public LossSums plus(LossSums o) {
        return new LossSums(nll + o.nll, td + o.td, entropy + o.entropy, value0 + o.value0, zLoss + o.zLoss,
                labelSmoothing + o.labelSmoothing, starts + o.starts, ending + o.ending, ends + o.ends,
                counts.plus(o.counts));
    }

    /** L of method Eq. 14: mean NLL + lambda x mean squared TD residual; and z-loss and label smoothing. */
    public double loss(double lambda) {
        return figures(lambda).loss();
    }

    /** By the names that {@code metrics.jsonl} has. */
    public Figures figures(double lambda) {
        return Figures.NONE.term("nll", nll, counts.responseTokens(), 1).term("td", td, counts.tdTerms(), lambda)
                .record("v0", value0, starts).record("eos_logprob", ending, ends)
                .and(new Figure("entropy", Figure.Role.RESULT, entropy, counts.responseTokens(), 0)).setting("lambda", lambda)
                .and(new Figure("z_loss", Figure.Role.EXTRA, zLoss, counts.responseTokens(), 1))
                .and(new Figure("label_smoothing", Figure.Role.EXTRA, labelSmoothing, counts.responseTokens(), 1));
    }
}
