package io.softq4j.training.optim;

/**
 * The learning rate as a function of the step: a line from 0 over the warm-up steps, then constant, cosine or linear decay to 0.
 *
 * <p>Equal to transformers' {@code get_constant_schedule_with_warmup}, {@code get_cosine_schedule_with_warmup} and
 * {@code get_linear_schedule_with_warmup}: with a warm-up, the very first update has rate 0.
 *
 * @param type        what follows the warm-up
 * @param peak        rate at the end of the warm-up
 * @param warmupSteps steps of the warm-up
 * @param totalSteps  steps of the whole run
 */
public record LearningRate(LrSchedulerType type, double peak, long warmupSteps, long totalSteps) {

    /** Rate of the update that is preceded by {@code step} others. */
    public double at(long step) {
        if (step < warmupSteps) {
            return peak * step / warmupSteps;
        }
        double progress = Math.min(1, (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
        return peak * switch (type) {
            case CONSTANT -> 1;
            case COSINE -> 0.5 * (1 + StrictMath.cos(Math.PI * progress));
            case LINEAR -> 1 - progress;
        };
    }
}
