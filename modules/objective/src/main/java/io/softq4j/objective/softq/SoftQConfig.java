package io.softq4j.objective.softq;

import io.softq4j.common.Drafts;
import io.softq4j.common.Key;
import io.softq4j.common.Keys;
import io.softq4j.common.PythonFloat;
import io.softq4j.common.Range;
import io.softq4j.common.UserError;
import io.softq4j.model.ModelGraph;
import io.softq4j.objective.Description;
import io.softq4j.objective.ObjectiveSettings;
import io.softq4j.objective.StartValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Offline inverse soft-Q-learning (arXiv 2409.01369, Eq. 14). {@code lambda} 0 is maximum likelihood.
 *
 * <p>Softmax does not fix the level of the logits but the residual does,
         so that a fresh or raw checkpoint starts with a huge residual at EOS; a short
 * warm-up with lambda 0 avoids the shock. The z-loss (PaLM,
         arXiv 2204.02311 section 5) is of log Z = V / tau and keeps that level near one at which the
 * probabilities sum to 1.
 *
 * <p>Each component is a key of the section {@code objective}; its {@link Key} says what it means.
 */
public record SoftQConfig(
        @Key(value = "weight of the squared TD residual; 0 is maximum likelihood, ordinary SFT, and the default with `--model`",
                allowed = "0 is maximum likelihood; the paper uses 0.1 to 1")
        @Range(atLeast = 0)
        double lambda,
        @Key("discount of the next state's value")
        @Range(above = 0, atMost = 1)
        double gamma,
        @Key("temperature of the soft value and of the policy; sample such a model at `generation.temperature` tau")
        @Range(above = 0)
        double tau,
        @Key(value = "updates with lambda 0 before the ramp", allowed = "with the ramp fewer than the run has")
        @Range(atLeast = 0)
        int mleWarmupSteps,
        @Key("updates over which lambda then rises linearly; 0 is a jump")
        @Range(atLeast = 0)
        int lambdaRampSteps,
        @Key("true: the next state's value is a constant in the gradient")
        boolean stopGradient,
        @Key(value = "weight of the mean squared log of the softmax's normaliser, which keeps the level of the logits near 0",
                allowed = "0: no such term; PaLM has 0.0001")
        @Range(atLeast = 0)
        double zLoss,
        @Key(value = "share of each target that is spread evenly over all tokens, as Hugging Face's `label_smoothing_factor`; `nll` stays that of the "
                + "token alone, `loss` has it", allowed = "0: no label smoothing; 0.1 is usual")
        @Range(atLeast = 0, below = 1)
        double labelSmoothingFactor,
        @Key("what is taken from the logits of a row before the TD residual reads them as values: `none`; `constant`, one number, the "
                + "mean value at the rows of the end token; `base_model`, the row's value under the model that the run starts from, "
                + "frozen, and the default with `--model` and a lambda above 0. The policy does not see it")
        Baseline baseline) implements ObjectiveSettings {

    private static final String PAPER = "2409.01369";
    private static final Keys KEYS = Keys.of(SoftQConfig.class);

    public SoftQConfig {
        KEYS.check("lambda", lambda);
        KEYS.check("gamma", gamma);
        KEYS.check("tau", tau);
        KEYS.check("mle_warmup_steps", mleWarmupSteps);
        KEYS.check("lambda_ramp_steps", lambdaRampSteps);
        KEYS.check("z_loss", zLoss);
        KEYS.check("label_smoothing_factor", labelSmoothingFactor);
    }

    /** The components by name, to be set; see {@link #with}. Each method is documented at the component of its name. */
    public interface Draft {

        Draft lambda(double value);

        Draft gamma(double value);

        Draft tau(double value);

        Draft mleWarmupSteps(int value);

        Draft lambdaRampSteps(int value);

        Draft stopGradient(boolean value);

        Draft zLoss(double value);

        Draft labelSmoothingFactor(double value);

        Draft baseline(Baseline value);
    }

    /** The smallest lambda of the paper, nothing discounted, no schedule, no z-loss, no label smoothing, no baseline. */
    public static SoftQConfig defaults() {
        return Drafts.make(SoftQConfig.class, Draft.class, c -> c.lambda(0.1).gamma(1).tau(1).mleWarmupSteps(0).lambdaRampSteps(0)
                .stopGradient(false).zLoss(0).labelSmoothingFactor(0).baseline(Baseline.NONE));
    }

    /** This configuration with what {@code change} sets. */
    public SoftQConfig with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
    }

    @Override
    public SoftQ over(ModelGraph model, boolean gradientCheckpointing) {
        return new SoftQ(model, this, gradientCheckpointing);
    }

    /** A model that is trained already gets lambda 0, and if lambda is stated, the baseline that takes the level of its logits away. */
    @Override
    public Settled settled(boolean pretrained, Predicate<String> stated) {
        if (!pretrained) {
            return new Settled(this, List.of());
        }
        if (!stated.test("lambda")) {
            return new Settled(with(c -> c.lambda(0)), List.of("objective.lambda is 0, maximum likelihood: the default for a model that is "
                    + "trained already (--model); see docs/method.md"));
        }
        if (lambda == 0 || stated.test("baseline")) {
            return new Settled(this, List.of());
        }
        return new Settled(with(c -> c.baseline(Baseline.BASE_MODEL)), List.of("objective.baseline is base_model: the default for a model that "
                + "is trained already (--model) with a lambda above 0; td and v0 are of Q = z - b, see docs/method.md"));
    }

    @Override
    public Optional<String> warning(boolean pretrained) {
        if (lambda == 0 || !pretrained || baseline == Baseline.BASE_MODEL) {
            return Optional.empty();
        }
        return Optional.of("objective.lambda is " + lambda + " with objective.baseline " + baseline.name().toLowerCase(Locale.ROOT)
                + " on a model that is trained already: its logits have a level of their own, which the TD term pulls down first. "
                + "Measured on SmolLM2-135M-Instruct with lambda 0.1: gradient norms of 50 to 70; validation NLL 1.39 after 12 steps, "
                + "0.857 with lambda 0; the end token's log-probability after 36 steps of LoRA -15.7, -1.2 with lambda 0. "
                + "objective.baseline=base_model takes that level away; set it, or objective.lambda=0, unless this is what you study.");
    }

    @Override
    public Optional<StartValues> startValues() {
        return baseline == Baseline.NONE ? Optional.empty() : Optional.of(new StartValues(tau, baseline == Baseline.CONSTANT));
    }

    /** Of lambda, which rises to its value after {@code mle_warmup_steps} and {@code lambda_ramp_steps}. */
    @Override
    public void requireArrival(long steps, String key) {
        long before = (long) mleWarmupSteps + lambdaRampSteps;
        if (lambda > 0 && before > 0 && before >= steps) {
            throw new UserError(String.format(Locale.ROOT, "objective.lambda never reaches %s: objective.mle_warmup_steps %,d and "
                    + "objective.lambda_ramp_steps %,d take %,d steps, the run has %,d (%s). Shorten them, train for more steps, or set "
                    + "objective.lambda=0 for maximum likelihood.", lambda, mleWarmupSteps, lambdaRampSteps, before, steps, key));
        }
    }

    /** The objective in words. */
    Description describe() {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("objective", lambda > 0 ? "mean(-log pi) + lambda mean(delta^2), delta = Q(s,a) - gamma V(s'), the logits being Q: Eq. 14 of [arXiv "
                + PAPER + "](https://arxiv.org/abs/" + PAPER + ")" : "mean(-log pi): maximum likelihood on the responses");
        rows.put("lambda, gamma, tau", PythonFloat.str(lambda) + ", " + PythonFloat.str(gamma) + ", " + PythonFloat.str(tau));
        if (baseline != Baseline.NONE) {
            rows.put("baseline", baseline == Baseline.CONSTANT
                    ? "Q = logits less one number, the mean value of the model it started from at the rows of the end token"
                    : "Q = logits less the value of each row under the model it started from");
        }
        if (zLoss > 0) {
            rows.put("z-loss", PythonFloat.str(zLoss) + " mean((V / tau)^2) is added");
        }
        if (labelSmoothingFactor > 0) {
            rows.put("label smoothing", Double.toString(labelSmoothingFactor));
        }
        Map<String, String> figures = new LinkedHashMap<>();
        figures.put(Description.NLL, Description.NLL_IS);
        figures.put("td", "the mean of delta^2");
        return new Description(lambda > 0 ? "inverse soft-Q-learning" : "maximum likelihood",
                lambda > 0 ? List.of("inverse-soft-q-learning", "arxiv:" + PAPER) : List.of("sft"), rows, figures,
                Optional.of("nll" + (lambda > 0 ? " + lambda td" : "") + (zLoss > 0 ? " + z-loss" : "")
                        + (labelSmoothingFactor > 0 ? " + label smoothing" : "")),
                tau == 1 ? Optional.empty() : Optional.of("The policy that was trained is the softmax of the logits at temperature "
                        + PythonFloat.str(tau) + ": sample with it."));
    }

    /** Lambda of an optimiser step, counted from 0. */
    public double lambdaAt(long step) {
        long ramped = step - mleWarmupSteps;
        if (ramped < 0) {
            return 0;
        }
        return ramped >= lambdaRampSteps ? lambda : lambda * (ramped + 1) / (lambdaRampSteps + 1);
    }
}
