package io.softq4j.training;

import io.softq4j.graph.plan.Parameters.Slot;
import io.softq4j.objective.Batch;
import io.softq4j.objective.Counts;
import io.softq4j.objective.Figures;
import io.softq4j.objective.Objective;
import io.softq4j.objective.softq.LossSums;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;

/**
 * The smallest language model: logits z_t = W[x_t] + b, with the offline objective of method section 2 (tau = gamma = 1) and its gradient by hand.
 */
final class BigramModel implements Objective {

    private final int vocabulary;
    private final LongToDoubleFunction lambda;
    private final Slots slots;
    private final List<Integer> keys = new ArrayList<>();

    /** With a lambda that rises by 0.02 from step to step. */
    BigramModel(int vocabulary) {
        this(vocabulary, step -> 0.02 * step);
    }

    /** Weights are a fixed function of their place. */
    BigramModel(int vocabulary, LongToDoubleFunction lambda) {
        this.vocabulary = vocabulary;
        this.lambda = lambda;
        this.slots = new Slots().add("w", vocabulary, vocabulary).add("b", vocabulary);
        for (Slot slot : slots.slots()) {
            for (int i = 0; i < slot.size(); i++) {
                slot.values().put(i, (float) (0.1 * Math.sin(1 + 7.3 * i)));
            }
        }
    }

    @Override
    public Slots parameters() {
        return slots;
    }

    @Override
    public void dropoutKey(int key) {
        keys.add(key);
    }

    /** All that were told. */
    List<Integer> keys() {
        return keys;
    }

    @Override
    public Figures accumulate(Batch batch, Counts total, long step) {
        return run(batch, total, lambda.applyAsDouble(step), true).figures(lambda.applyAsDouble(step));
    }

    @Override
    public Optional<Advice> advice(long step) {
        return lambda.applyAsDouble(step) > 0 ? Optional.of(new Advice("lambda acts on values that are still far off",
                "let lambda begin later and rise more slowly")) : Optional.empty();
    }

    @Override
    public Figures evaluate(Batch batch, long step) {
        return run(batch, Counts.ZERO, 0, false).figures(lambda.applyAsDouble(step));
    }

    private LossSums run(Batch b, Counts total, double lambda, boolean differentiate) {
        double nll = 0;
        double td = 0;
        double entropy = 0;
        double value0 = 0;
        long starts = 0;
        for (int t = 0; t < b.inputIds().length; t++) {
            if (b.nllMask()[t] == 0) {
                continue;
            }
            double[] z = logits(b.inputIds()[t]);
            double v = logSumExp(z);
            int x = b.targets()[t];
            nll += v - z[x];
            for (double logit : z) {
                entropy += Math.exp(logit - v) * (v - logit);
            }
            if (t == 0 || b.segmentIds()[t - 1] != b.segmentIds()[t] || b.nllMask()[t - 1] == 0) {
                value0 += v;
                starts++;
            }
            boolean bootstraps = b.tdMask()[t] == 1 && b.continues()[t] == 1;
            double[] next = bootstraps ? logits(b.inputIds()[t + 1]) : null;
            double delta = z[x] - (bootstraps ? logSumExp(next) : 0);
            td += b.tdMask()[t] * delta * delta;
            if (differentiate) {
                add(b.inputIds()[t], z, v, 1.0 / total.responseTokens());
                double own = -1.0 / total.responseTokens();
                if (b.tdMask()[t] == 1) {
                    own += 2 * lambda * delta / total.tdTerms();
                }
                add(b.inputIds()[t], x, own);
                if (bootstraps) {
                    add(b.inputIds()[t + 1], next, logSumExp(next), -2 * lambda * delta / total.tdTerms());
                }
            }
        }
        return new LossSums(nll, td, entropy, value0, 0, starts, b.counts());
    }

    private double[] logits(int token) {
        double[] z = new double[vocabulary];
        for (int k = 0; k < vocabulary; k++) {
            z[k] = slots.slots().get(0).values().get(token * vocabulary + k) + (double) slots.slots().get(1).values().get(k);
        }
        return z;
    }

    private static double logSumExp(double[] z) {
        double sum = 0;
        for (double logit : z) {
            sum += Math.exp(logit);
        }
        return Math.log(sum);
    }

    /** Adds weight x softmax(z) to the gradient of the logits of {@code token}. */
    private void add(int token, double[] z, double v, double weight) {
        for (int k = 0; k < vocabulary; k++) {
            add(token, k, weight * Math.exp(z[k] - v));
        }
    }

    private void add(int token, int k, double gradient) {
        Slot w = slots.slots().get(0);
        Slot bias = slots.slots().get(1);
        int at = token * vocabulary + k;
        w.gradients().put(at, (float) (w.gradients().get(at) + gradient));
        bias.gradients().put(k, (float) (bias.gradients().get(k) + gradient));
    }

    @Override
    public void close() {
        // direct memory is the garbage collector's
    }
}
