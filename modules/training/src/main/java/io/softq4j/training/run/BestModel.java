package io.softq4j.training.run;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Which evaluation of a run was best so far, and how long that is ago: {@code best_metric}, {@code best_global_step} and the counter of
 * Hugging Face's {@code EarlyStoppingCallback}. In every checkpoint, so that a run that is killed and resumed knows the same best and ends
 * at the same step.
 *
 * @param metric          its key in {@code metrics.jsonl}
 * @param greaterIsBetter which way it is better
 * @param value           of the best evaluation; empty before the first that has one
 * @param step            of that evaluation; empty with {@code value}
 * @param notBetter       evaluations in turn, the last included, that were not better than the best before them by more than the threshold
 * @param evaluated       step of the last evaluation that this knows; 0 before the first
 */
public record BestModel(String metric, boolean greaterIsBetter, OptionalDouble value, OptionalLong step, int notBetter, long evaluated) {

    /** Before the first evaluation. */
    public static BestModel none(String metric, boolean greaterIsBetter) {
        return new BestModel(metric, greaterIsBetter, OptionalDouble.empty(), OptionalLong.empty(), 0, 0);
    }

    /**
     * After another evaluation. The best is whatever is better, be it by a little; for the patience it has to be better than the best
     * before by more than the threshold.
     *
     * @param found NaN, which is never better, where the metric is not defined
     */
    public BestModel after(long at, double found, double threshold) {
        boolean better = !Double.isNaN(found) && (value.isEmpty()
                || (greaterIsBetter ? found > value.getAsDouble() : found < value.getAsDouble()));
        boolean counts = value.isEmpty() ? evaluated == 0 || better : better && Math.abs(found - value.getAsDouble()) > threshold;
        return new BestModel(metric, greaterIsBetter, better ? OptionalDouble.of(found) : value, better ? OptionalLong.of(at) : step,
                counts ? 0 : notBetter + 1, at);
    }

    /** Whether it was found by the last evaluation, made after {@code at} updates. */
    public boolean isOf(long at) {
        return step.isPresent() && step.getAsLong() == at;
    }

    /** Such as {@code eval_loss 1.2345 at step 30}. */
    @Override
    public String toString() {
        return value.isEmpty() ? metric + ", not measured yet" : metric + " " + String.format(Locale.ROOT, "%.6g", value.getAsDouble())
                + " at step " + step.getAsLong();
    }
}
