package io.softq4j.objective.softq;

import io.softq4j.graph.RowLossGraph;
import io.softq4j.graph.kernel.RowLoss;
import io.softq4j.graph.kernel.RowValues;
import io.softq4j.graph.plan.Plan;
import io.softq4j.objective.Batch;
import io.softq4j.objective.BatchInputs;
import io.softq4j.objective.BatchShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
    private final boolean baseline;
    private final List<RowLossGraph.Term> terms = new ArrayList<>();

    Terms(SoftQConfig config) {
        tau = config.tau();
        baseline = config.baseline() != Baseline.NONE;
        td = add(new TdResidual(config.gamma(), config.stopGradient(), baseline), TD_SCALE);
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
        return new RowLossGraph.Loss(tau, TARGETS, NEXT_ROWS, Masks.names(baseline), terms);
    }

    /** Shapes of everything a plan reads, by name. */
    Map<String, long[]> shapes(BatchShape shape) {
        long[] flat = {(long) shape.rows() * shape.length()};
        Map<String, long[]> shapes = BatchInputs.shapes(shape);
        shapes.put(TARGETS, flat);
        shapes.put(NEXT_ROWS, flat);
        Masks.names(baseline).forEach(name -> shapes.put(name, flat));
        shapes.put(NLL_SCALE, new long[0]);
        shapes.put(TD_SCALE, new long[0]);
        return shapes;
    }

    /** Writes all but the scales. @throws IllegalArgumentException if there is to be a baseline and the batch has none */
    void fill(Plan plan, Batch batch) {
        BatchInputs.write(plan, batch);
        BatchInputs.write(plan, TARGETS, batch.targets());
        BatchInputs.write(plan, NEXT_ROWS, nextRows(batch));
        List<String> names = Masks.names(baseline);
        for (int i = 0; i < names.size(); i++) {
            BatchInputs.write(plan, names.get(i), inputs(batch).get(i));
        }
    }

    /** Index of the row after each row, or N where the sequence of the batch row ends. */
    private static int[] nextRows(Batch batch) {
        int n = batch.rows() * batch.length();
        int[] next = new int[n];
        for (int i = 0; i < n; i++) {
            next[i] = (i + 1) % batch.length() == 0 ? n : i + 1;
        }
        return next;
    }

    /** What the terms read of a batch. */
    List<float[]> inputs(Batch batch) {
        return Masks.of(batch, baseline);
    }

    /** @param rows what each term sees */
    LossSums sums(Batch batch, List<RowValues> rows) {
        double entropy = 0;
        double value0 = 0;
        long starts = 0;
        double ending = 0;
        long ends = 0;
        RowValues all = rows.get(0);
        for (int i = 0; i < batch.nllMask().length; i++) {
            if (batch.nllMask()[i] != 0) {
                entropy += all.entropy(i);
                if (startsResponse(batch, i)) {
                    value0 += baseline ? all.value(i) - all.input(Masks.BASELINE, i) : all.value(i);
                    starts++;
                }
                if (batch.continues()[i] == 0) {
                    ending -= likelihood.value(all, i);
                    ends++;
                }
            }
        }
        double normaliser = zLoss == null ? 0 : zLoss.weight() * sum(zLoss, zLoss::squaredLog, rows, batch);
        double smoothed = smoothing == null ? 0 : sum(smoothing, smoothing::value, rows, batch);
        return new LossSums(sum(likelihood, likelihood::value, rows, batch), sum(td, td::value, rows, batch), entropy, value0, normaliser,
                smoothed, starts, ending, ends, batch.counts());
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
