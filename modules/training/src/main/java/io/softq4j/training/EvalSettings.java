package io.softq4j.training;

import io.softq4j.common.Drafts;
import io.softq4j.common.UserError;
import java.util.function.Consumer;

/**
 * When a run is evaluated, and what follows from it. Names and meaning of Hugging Face's {@code TrainingArguments} and
 * {@code EarlyStoppingCallback}. Null is what is not said.
 *
 * @param evalSteps              an evaluation every so many updates, and at the last; null is as often as checkpoints, 0 only at the end
 * @param evalOnStart            an evaluation before the first update too, which does not count as a candidate for the best
 * @param loadBestModelAtEnd     the finished model is that of the best evaluation, which is saved whenever it is; else that of the last
 *                               update
 * @param metricForBestModel     a key of an evaluation, with or without {@code eval_} before it; null is {@code loss}
 * @param greaterIsBetter        of that metric; null is as the metric has it: what is added up in the loss, and what ends in {@code loss},
 *                               is better when less, figures of an {@link EvalHook} as it says, all else when greater
 * @param earlyStoppingPatience  the run ends when so many evaluations in turn are not better than the best before them; 0 is never
 * @param earlyStoppingThreshold by more than this an evaluation has to be better to count as better for the patience
 */
public record EvalSettings(Long evalSteps, boolean evalOnStart, boolean loadBestModelAtEnd, String metricForBestModel,
        Boolean greaterIsBetter,
                           int earlyStoppingPatience, double earlyStoppingThreshold) {

    private static final String LOSS = "loss";
    private static final String PREFIX = "eval_";

    public EvalSettings {
        if (evalSteps != null && evalSteps < 0) {
            throw new UserError("eval_steps must be at least 0 (0 is only at the end), was " + evalSteps);
        }
        if (metricForBestModel != null && metricForBestModel.isBlank()) {
            throw new UserError("metric_for_best_model is empty; name a figure of an evaluation, such as loss, or leave the key out");
        }
        if (earlyStoppingPatience < 0) {
            throw new UserError("early_stopping_patience must be at least 0 (0 is no early stopping), was " + earlyStoppingPatience);
        }
        if (!Double.isFinite(earlyStoppingThreshold) || earlyStoppingThreshold < 0) {
            throw new UserError("early_stopping_threshold must be at least 0, was " + earlyStoppingThreshold);
        }
    }

    /** The components by name, to be set; see {@link #with}. Each method is documented at the component of its name. */
    public interface Draft {

        Draft evalSteps(Long value);

        Draft evalOnStart(boolean value);

        Draft loadBestModelAtEnd(boolean value);

        Draft metricForBestModel(String value);

        Draft greaterIsBetter(Boolean value);

        Draft earlyStoppingPatience(int value);

        Draft earlyStoppingThreshold(double value);
    }

    /** Evaluated as often as saved; nothing follows. */
    public static EvalSettings defaults() {
        return Drafts.make(EvalSettings.class, Draft.class,
                c -> c.evalSteps(null).evalOnStart(false).loadBestModelAtEnd(false).metricForBestModel(null)
                .greaterIsBetter(null).earlyStoppingPatience(0).earlyStoppingThreshold(0));
    }

    /** These settings with what {@code change} sets. */
    public EvalSettings with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
    }

    /** Updates between two evaluations; 0 is only at the end. */
    long evalSteps(long saveSteps) {
        return evalSteps == null ? saveSteps : evalSteps;
    }

    /** Whether the run remembers which evaluation was best. */
    public boolean tracksBest() {
        return loadBestModelAtEnd || metricForBestModel != null || earlyStoppingPatience > 0;
    }

    /** The key of the metric in {@code metrics.jsonl}. */
    String bestKey() {
        String name = metricForBestModel == null ? LOSS : metricForBestModel;
        return name.startsWith(PREFIX) ? name : PREFIX + name;
    }

    /**
     * Finds out before long work whether evaluations and checkpoints go together, as {@code TrainingArguments} does.
     *
     * @throws UserError if the best model is asked for, or an early end, and evaluations come only at the end; or checkpoints would fall
     * between evaluations
     */
    public void requireFits(long saveSteps) {
        String what = loadBestModelAtEnd ? "load_best_model_at_end is true" : "early_stopping_patience is " + earlyStoppingPatience;
        long every = evalSteps(saveSteps);
        if ((loadBestModelAtEnd || earlyStoppingPatience > 0) && every == 0) {
            throw new UserError("evaluation." + what + ", but the run is evaluated only at its end (evaluation.eval_steps "
                    + (evalSteps == null ? "is not set, so it is training.save_steps, 0" : "is 0")
                    + "): there is nothing to choose from. Set "
                    + "evaluation.eval_steps, such as 100.");
        }
        if (loadBestModelAtEnd && saveSteps % every != 0) {
            throw new UserError("evaluation.load_best_model_at_end is true, which needs training.save_steps to be a multiple of evaluation.eval_steps, so "
                    + "that every checkpoint is of an evaluated model; they are " + saveSteps + " and " + every
                    + ". Set training.save_steps="
                    + every * Math.max(1, Math.round((double) saveSteps / every)) + ", or eval_steps to a divisor of " + saveSteps + ".");
        }
    }
}
