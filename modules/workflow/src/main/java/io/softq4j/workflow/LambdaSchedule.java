package io.softq4j.workflow;

import io.softq4j.common.UserError;
import io.softq4j.objective.softq.SoftQConfig;
import io.softq4j.training.TrainingConfig;
import java.util.Locale;

/** What is to be said of lambda over the steps of a run, before the run begins. */
final class LambdaSchedule {

    private LambdaSchedule() {
    }

    /**
     * Refuses a lambda that the run ends before: the result would be another objective's than the configuration says.
     *
     * @param steps of the run
     */
    static void requireArrival(SoftQConfig objective, TrainingConfig training, long steps) {
        long before = (long) objective.mleWarmupSteps() + objective.lambdaRampSteps();
        if (objective.lambda() > 0 && before > 0 && before >= steps) {
            throw new UserError(String.format(Locale.ROOT, "objective.lambda never reaches %s: objective.mle_warmup_steps %,d and "
                    + "objective.lambda_ramp_steps %,d take %,d steps, the run has %,d (%s). Shorten them, train for more steps, or set "
                    + "objective.lambda=0 for maximum likelihood.", objective.lambda(), objective.mleWarmupSteps(), objective.lambdaRampSteps(), before,
                    steps, training.maxSteps() > 0 ? "training.max_steps" : "training.num_train_epochs " + training.numTrainEpochs()));
        }
    }
}
