package io.softq4j.objective.softq;

import io.softq4j.graph.kernel.RowExpansion;
import io.softq4j.graph.kernel.RowGradient;
import io.softq4j.graph.kernel.RowLoss;
import io.softq4j.graph.kernel.RowValues;
import io.softq4j.objective.Batch;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The squared TD residual, sum_t d_t delta_t^2 with delta_t = q_t - gamma c_t V_{t+1} (arXiv 2409.01369, Eq. 14). With a baseline b, a
 * constant of each row, Q is z - b, and so delta_t = (q_t - b_t) - gamma c_t (V_{t+1} - b_{t+1}). V of a row is the value of the next
 * state of the row before it, so a row's gradient has a part of each:
 *
 * <pre>
 *   2 d_t delta_t onehot(x_t)  -  2 gamma d_{t-1} c_{t-1} delta_{t-1} p_t
 * </pre>
 *
 * @param gamma        discount
 * @param stopGradient whether V_{t+1} is a constant in the gradient: then the second part is left out
 * @param baseline     whether there is a baseline
 */
record TdResidual(double gamma, boolean stopGradient, boolean baseline) implements RowLoss {

    @Override
    public boolean involves(RowValues rows, int row) {
        return rows.input(Masks.TD, row) != 0 || row > 0 && reachesNext(rows, row - 1);
    }

    /** Whether the residual of a row involves the value of the row after it. */
    private static boolean reachesNext(RowValues rows, int row) {
        return rows.input(Masks.TD, row) * rows.input(Masks.CONTINUES, row) != 0;
    }

    /** delta of a row: also the reward that the model gives the token. */
    double residual(RowValues rows, int row) {
        return chosen(rows, row) - gamma * next(rows, row);
    }

    /** c_t V_{t+1}. */
    private double next(RowValues rows, int row) {
        double continues = rows.input(Masks.CONTINUES, row);
        return continues == 0 ? 0 : continues * state(rows, row + 1);
    }

    /** What the token of each row that has a residual is given. @param rows those of the batch */
    List<TokenReward> rewards(Batch batch, RowValues rows) {
        List<TokenReward> rewards = new ArrayList<>();
        for (int i = 0; i < batch.tdMask().length; i++) {
            if (batch.tdMask()[i] != 0) {
                rewards.add(new TokenReward(i / batch.length(), i % batch.length(), batch.targets()[i], chosen(rows, i), state(rows, i),
                        next(rows, i), residual(rows, i)));
            }
        }
        return rewards;
    }

    /** Q of the token: q_t - b_t. */
    private double chosen(RowValues rows, int row) {
        return baseline ? rows.chosen(row) - rows.input(Masks.BASELINE, row) : rows.chosen(row);
    }

    /** V of the state: V_t - b_t. */
    private double state(RowValues rows, int row) {
        return baseline ? rows.value(row) - rows.input(Masks.BASELINE, row) : rows.value(row);
    }

    @Override
    public double value(RowValues rows, int row) {
        if (rows.input(Masks.TD, row) == 0) {
            return 0;
        }
        double delta = residual(rows, row);
        return delta * delta;
    }

    @Override
    public void differentiate(RowValues rows, int row, double scale, RowGradient gradient) {
        if (rows.input(Masks.TD, row) != 0) {
            gradient.addChosen(2.0 * scale * rows.input(Masks.TD, row) * residual(rows, row));
        }
        if (row > 0 && reachesNext(rows, row - 1) && !stopGradient) {
            gradient.addProbabilities(-(2.0 * scale * gamma * rows.input(Masks.TD, row - 1) * rows.input(Masks.CONTINUES, row - 1)
                    * residual(rows, row - 1)));
        }
    }

    @Override
    public SDVariable expansion(RowExpansion rows) {
        SDVariable v = stopGradient ? rows.stopGradient().apply(rows.value()) : rows.value();
        SDVariable next = rows.next().apply(baseline ? v.sub(rows.inputs().get(Masks.BASELINE)) : v);
        SDVariable chosen = baseline ? rows.chosen().sub(rows.inputs().get(Masks.BASELINE)) : rows.chosen();
        SDVariable delta = chosen.sub(next.mul(rows.inputs().get(Masks.CONTINUES)).mul(gamma));
        return delta.mul(delta).mul(rows.inputs().get(Masks.TD)).sum();
    }
}
