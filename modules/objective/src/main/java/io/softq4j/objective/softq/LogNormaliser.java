package io.softq4j.objective.softq;

import io.softq4j.graph.kernel.RowExpansion;
import io.softq4j.graph.kernel.RowGradient;
import io.softq4j.graph.kernel.RowLoss;
import io.softq4j.graph.kernel.RowValues;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The z-loss (PaLM, arXiv 2204.02311, section 5), weight x sum_t m_t (V_t / tau)^2: V / tau is the log of the softmax's normaliser Z.
 *
 * @param tau    temperature of the policy
 * @param weight zeta, above 0
 */
record LogNormaliser(double tau, double weight) implements RowLoss {

    @Override
    public boolean involves(RowValues rows, int row) {
        return rows.input(Masks.NLL, row) != 0;
    }

    @Override
    public double value(RowValues rows, int row) {
        return weight * squaredLog(rows, row);
    }

    /** m_t (V_t / tau)^2. */
    double squaredLog(RowValues rows, int row) {
        double logZ = rows.input(Masks.NLL, row) == 0 ? 0 : rows.value(row) / tau;
        return logZ * logZ;
    }

    @Override
    public void differentiate(RowValues rows, int row, double scale, RowGradient gradient) {
        gradient.addProbabilities(2.0 * weight * (scale * rows.input(Masks.NLL, row) / tau) * rows.value(row) / tau);
    }

    @Override
    public SDVariable expansion(RowExpansion rows) {
        SDVariable v = rows.value();
        return v.mul(v).mul(rows.inputs().get(Masks.NLL)).sum().mul(weight / (tau * tau));
    }
}
