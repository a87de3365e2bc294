package io.softq4j.objective.softq;

import io.softq4j.graph.RowLossGraph;
import io.softq4j.graph.kernel.RowLoss;
import io.softq4j.graph.kernel.RowValues;
import io.softq4j.objective.Batch;
import java.util.ArrayList;
import java.util.List;

/** The terms of the objective, and the inputs they read. */
final class Terms {

    /** Placeholders of the tokens to predict and of the number of the row after each. */
    static final String TARGETS = "targets";
    static final String NEXT_ROWS = "next_rows";

    /** Placeholders of the factors: 1 / N, and lambda / N_d. */
    static final String NLL_SCALE = "nll_scale";
    static final String TD_SCALE = "td_scale";

    private final TdResidual td;
    private final Likelihood likelihood;
    private final LogNormaliser zLoss; // null where its weight is 0
    private final LabelSmoothing smoothing; // null where its factor is 0
    private final double tau;
    private final List<RowLossGraph.Term> terms = new ArrayList<>();

    Terms(SoftQConfig config) {
        tau = config.tau();
        td = add(new TdResidual(config.gamma(), config.stopGradient()), TD_SCALE);
        likelihood = add(new Likelihood(tau), NLL_SCALE);
        zLoss = config.zLoss() == 0 ? null : add(new LogNormaliser(tau, config.zLoss()), NLL_SCALE);
        double factor = config.labelSmoothingFactor();
        smoothing = factor == 0 ? null : add(new LabelSmoothing(tau, factor), NLL_SCALE);
    }

    private <T extends RowLoss> T add(T loss, String scale) {
        terms.add(new RowLossGraph.Term(loss, scale));
        return loss;
    }

    RowLossGraph.Loss loss() {
        return new RowLossGraph.Loss(tau, TARGETS, NEXT_ROWS, Masks.NAMES, terms);
    }

    /** @param rows what each term sees */
    LossSums sums(Batch batch, List<RowValues> rows) {
        double entropy = 0;
        double value0 = 0;
        long starts = 0;
        RowValues all = rows.get(0);
        for (int i = 0; i < batch.nllMask().length; i++) {
            if (batch.nllMask()[i] != 0) {
                entropy += all.entropy(i);
                if (startsResponse(batch, i)) {
                    value0 += all.value(i);
                    starts++;
                }
            }
        }
        double normaliser = zLoss == null ? 0 : zLoss.weight() * sum(zLoss, zLoss::squaredLog, rows, batch);
        double smoothed = smoothing == null ? 0 : sum(smoothing, smoothing::value, rows, batch);
        return new LossSums(sum(likelihood, likelihood::value, rows, batch), sum(td, td::value, rows, batch), entropy, value0, normaliser, smoothed,
                starts, batch.counts());
    }

    /** @param rows what each term sees */
    List<TokenReward> rewards(Batch batch, List<RowValues> rows) {
        return td.rewards(batch, of(td, rows));
    }

    private RowValues of(RowLoss term, List<RowValues> rows) {
        return rows.get(terms.stream().map(RowLossGraph.Term::loss).toList().indexOf(term));
    }

    /** @param rows as each term sees them */
    private double sum(RowLoss term, OfRow of, List<RowValues> rows, Batch batch) {
        RowValues seen = of(term, rows);
        double sum = 0;
        for (int i = 0; i < batch.nllMask().length; i++) {
            sum += of.row(seen, i);
        }
        return sum;
    }

    private interface OfRow {
        double row(RowValues rows, int row);
    }

    private static boolean startsResponse(Batch batch, int i) {
        return i % batch.length() == 0 || batch.nllMask()[i - 1] == 0 || batch.continues()[i - 1] == 0
                || batch.segmentIds()[i - 1] != batch.segmentIds()[i];
    }
}
