package io.softq4j.objective.softq;

import io.softq4j.graph.kernel.RowExpansion;
import io.softq4j.graph.kernel.RowFunction;
import io.softq4j.graph.kernel.RowGradient;
import io.softq4j.graph.kernel.RowLoss;
import io.softq4j.graph.kernel.RowValues;
import java.util.List;
import java.util.Optional;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * What label smoothing (Szegedy et al. 2016, arXiv 1512.00567, section 7) adds to the negative log-likelihood: with it the target of a row is 1 - factor at
 * the token and factor / V more at every token, so that
 *
 * <pre>
 *   (1 - factor) (-log pi_t[x_t]) + factor mean_k(-log pi_t[k])  =  -log pi_t[x_t]  +  factor (q_t - mean_k z_t[k]) / tau
 * </pre>
 *
 * of which this is the second part, summed over t with m_t. With the likelihood it is {@code torch.nn.CrossEntropyLoss(label_smoothing=factor)}.
 *
 * @param tau    temperature of the policy
 * @param factor above 0 and below 1
 */
record LabelSmoothing(double tau, double factor) implements RowLoss, RowFunction {

    @Override
    public boolean involves(RowValues rows, int row) {
        return rows.input(Masks.NLL, row) != 0;
    }

    @Override
    public double value(RowValues rows, int row) {
        return rows.input(Masks.NLL, row) == 0 ? 0 : factor * (rows.chosen(row) - rows.sum(0, row) / rows.width()) / tau;
    }

    @Override
    public void differentiate(RowValues rows, int row, double scale, RowGradient gradient) {
        gradient.addChosen(scale * rows.input(Masks.NLL, row) * factor / tau);
    }

    @Override
    public Optional<RowFunction> function() {
        return Optional.of(this);
    }

    /** Of all logits of the row. */
    @Override
    public int sums() {
        return 1;
    }

    @Override
    public void sum(float[] z, int column, int size, double[] totals, int at) {
        double sum = 0;
        for (int k = 0; k < size; k++) {
            sum += z[k];
        }
        totals[at] += sum;
    }

    @Override
    public void differentiate(RowValues rows, int row, double scale, float[] z, int column, int size, float[] gradient) {
        float each = (float) (scale * rows.input(Masks.NLL, row) * factor / (tau * rows.width()));
        for (int k = 0; k < size; k++) {
            gradient[k] -= each;
        }
    }

    @Override
    public List<SDVariable> expansion(SDVariable logits) {
        return List.of(logits.sum(1));
    }

    @Override
    public SDVariable expansion(RowExpansion rows) {
        return rows.chosen().sub(rows.sums().get(0).mul(1.0 / rows.width())).mul(factor / tau).mul(rows.inputs().get(Masks.NLL)).sum();
    }
}
