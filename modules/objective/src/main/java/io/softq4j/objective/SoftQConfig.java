package io.softq4j.objective;

import io.softq4j.common.UserError;

/**
 * Offline inverse soft-Q-learning (arXiv 2409.01369, Eq. 14). {@code lambda} 0 is maximum likelihood.
 *
 * @param lambda         weight of the squared temporal-difference residual, at least 0
 * @param gamma          discount, in (0, 1]
 * @param tau            temperature of the soft value, above 0
 * @param mleWarmupSteps optimiser steps with lambda 0 before the ramp. Softmax does not fix the level of the logits but the residual does, so that
 *                       a fresh or raw checkpoint starts with a huge residual at EOS; a short warm-up avoids the shock
 * @param lambdaRampSteps optimiser steps over which lambda then rises linearly to its value; 0 is a jump
 * @param stopGradient   true: the value of the next state is a constant in the gradient; false: Eq. 14 minimised jointly
 * @param zLoss          weight of the mean squared log Z = V / tau, at least 0 (PaLM, arXiv 2204.02311 section 5, has 1e-4); keeps the level of the
 *                       logits, which softmax leaves open, near one at which they sum to 1. 0: no such term
 */
public record SoftQConfig(double lambda, double gamma, double tau, int mleWarmupSteps, int lambdaRampSteps, boolean stopGradient, double zLoss) {

    public SoftQConfig {
        if (!(lambda >= 0) || Double.isInfinite(lambda)) {
            throw new UserError("lambda must be a number >= 0 (0 is maximum likelihood; the paper uses 0.1 to 1), was " + lambda);
        }
        if (!(gamma > 0 && gamma <= 1)) {
            throw new UserError("gamma must be above 0 and at most 1, was " + gamma);
        }
        if (!(tau > 0) || Double.isInfinite(tau)) {
            throw new UserError("tau must be above 0, was " + tau);
        }
        if (mleWarmupSteps < 0) {
            throw new UserError("mle_warmup_steps must be at least 0, was " + mleWarmupSteps);
        }
        if (lambdaRampSteps < 0) {
            throw new UserError("lambda_ramp_steps must be at least 0, was " + lambdaRampSteps);
        }
        if (!(zLoss >= 0) || Double.isInfinite(zLoss)) {
            throw new UserError("z_loss must be a number >= 0 (0 switches it off; PaLM has 0.0001), was " + zLoss);
        }
    }

    /** Without z-loss. */
    public SoftQConfig(double lambda, double gamma, double tau, int mleWarmupSteps, int lambdaRampSteps, boolean stopGradient) {
        this(lambda, gamma, tau, mleWarmupSteps, lambdaRampSteps, stopGradient, 0);
    }

    /** The smallest lambda of the paper, nothing discounted, no schedule. */
    public static SoftQConfig defaults() {
        return new SoftQConfig(0.1, 1.0, 1.0, 0, 0, false);
    }

    /** The same with another lambda. */
    public SoftQConfig withLambda(double value) {
        return new SoftQConfig(value, gamma, tau, mleWarmupSteps, lambdaRampSteps, stopGradient, zLoss);
    }

    /** The same with another weight of the z-loss. */
    public SoftQConfig withZLoss(double value) {
        return new SoftQConfig(lambda, gamma, tau, mleWarmupSteps, lambdaRampSteps, stopGradient, value);
    }

    /** Lambda of an optimiser step, counted from 0. */
    public double lambdaAt(int step) {
        int ramped = step - mleWarmupSteps;
        if (ramped < 0) {
            return 0;
        }
        return ramped >= lambdaRampSteps ? lambda : lambda * (ramped + 1) / (lambdaRampSteps + 1);
    }
}
