package io.softq4j.objective.softq;

import io.softq4j.graph.kernel.RowExpansion;
import io.softq4j.graph.kernel.RowGradient;
import io.softq4j.graph.kernel.RowLoss;
import io.softq4j.graph.kernel.RowValues;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The negative log-likelihood of the response tokens, sum_t m_t (V_t - q_t) / tau.
 *
 * @param tau temperature of the policy
 */
record Likelihood(double tau) implements RowLoss {

    @Override
    public boolean involves(RowValues rows, int row) {
        return rows.input(Masks.NLL, row) != 0;
    }

    @Override
    public double value(RowValues rows, int row) {
        return rows.input(Masks.NLL, row) == 0 ? 0 : (rows.value(row) - rows.chosen(row)) / tau;
    }

    @Override
    public void differentiate(RowValues rows, int row, double scale, RowGradient gradient) {
        double factor = scale * rows.input(Masks.NLL, row) / tau;
        gradient.addProbabilities(factor);
        gradient.addChosen(-factor);
    }

    @Override
    public SDVariable expansion(RowExpansion rows) {
        return rows.value().sub(rows.chosen()).mul(1 / tau).mul(rows.inputs().get(Masks.NLL)).sum();
    }
}
