package io.softq4j.workflow;

import io.softq4j.common.Drafts;
import io.softq4j.common.Items;
import io.softq4j.common.Key;
import io.softq4j.common.Keys;
import io.softq4j.common.Range;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.training.EvalSettings;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What is measured on a model.
 *
 * <p>Each component is a key of the section {@code evaluation}; its {@link Key} says what it means.
 */
public record EvaluationConfig(
        @Key(value = "corpus file of the prompts, rendered as the training data were; if not set, `data.validation`", allowed = "a file, or `-` for standard input")
        String data,
        @Key(value = "a short name for what is measured: `gsm8k`, `exact_match:FIELD` (the text equals that column; of a conversation, what the "
                + "assistant says last) and a class name tell right from wrong; `summarization`, `translation`, `data-to-text`, `chat`, `qa` are "
                + "sets of metrics, which `softq evaluate --list` shows",
                allowed = "a task")
        String task,
        @Key(value = "what is measured, beside what the task brings: `[bleu, rougeL, {distinct: {n: [2]}}]`; `softq evaluate --list` names them; if "
                + "empty, how different the samples are", allowed = "names, names with options, class names")
        List<Object> metrics,
        @Key(value = "this many different prompts, drawn by `generation.seed`, and the same whatever the order of the rows; rows "
                + "with the same prompt are one item, and a sample is right if it is for one of them",
                allowed = "0 is all")
        @Range(atLeast = 0)
        int prompts,
        @Key(value = "samples of each prompt", allowed = "at least 2 for a sweep")
        @Range(atLeast = 1)
        int samples,
        @Key(value = "a report for each; at 0 all samples of a prompt are the same",
                allowed = "0 is the most probable token each time; all different")
        @Range(atLeast = 0)
        @Items(atLeast = 1, distinct = true)
        List<Double> temperatures,
        @Key(value = "samplers that each model is sampled with, a report for each: `[{top_p: [0.9, 1]}, {min_p: 0.1, temperature: 1}]`. A key may be "
                + "one number or a list, then every combination; without `temperature`, each of `temperatures`; what is not named is as in the section "
                + "generation. If empty, `temperatures` alone",
                allowed = "entries of `temperature`, `top_k`, `top_p`, `min_p`; none twice")
        List<Object> samplers,
        @Key(value = "each k of pass@k; empty is 1 and `samples`, and one above that counts as that")
        @Range(atLeast = 1)
        List<Integer> passAtK,
        @Key(value = "while training, an evaluation after every this many updates, and after the last; null: as often as `training.save_steps`",
                allowed = "a whole number; 0 is only at the end")
        Long evalSteps,
        @Key("while training, an evaluation before the first update too, which does not count as a candidate for the best")
        boolean evalOnStart,
        @Key("the finished model is that of the best evaluation, which is saved whenever it is; `training.save_steps` must be a multiple of `eval_steps`")
        boolean loadBestModelAtEnd,
        @Key(value = "what the best model is found by: a key of an evaluation in `metrics.jsonl`, with or without `eval_` before it; null is `loss`",
                allowed = "`loss`, `nll`, `NAME_loss` of a validation set, the name of a metric")
        String metricForBestModel,
        @Key(value = "whether more of that metric is better; null is as the metric has it, and false for what ends in `loss`", allowed = "true, false")
        Boolean greaterIsBetter,
        @Key(value = "the run ends when this many evaluations in turn are not better than the best before them", allowed = "0 is never")
        @Range(atLeast = 0)
        int earlyStoppingPatience,
        @Key("by more than this an evaluation has to be better to count as better for the patience")
        @Range(atLeast = 0)
        double earlyStoppingThreshold,
        @Key("while training, each evaluation also writes texts for prompts of the validation files, or of `data`, and judges them by `metrics` and `task`; they "
                + "are in `samples.jsonl` of the run")
        boolean predictWithGenerate,
        @Key(value = "this many different prompts of each set for that, drawn by `generation.seed`, the same at each evaluation", allowed = "0 is all")
        @Range(atLeast = 0)
        int evalPrompts,
        @Key("texts of each of these prompts")
        @Range(atLeast = 1)
        int evalSamples,
        @Key(value = "how they are drawn, else as the section `generation` says", allowed = "0 is the most probable token each time")
        @Range(atLeast = 0)
        double evalTemperature) {

    private static final Keys KEYS = Keys.of(EvaluationConfig.class);

    public EvaluationConfig {
        metrics = metrics == null ? List.of() : List.copyOf(metrics);
        KEYS.check("prompts", prompts);
        KEYS.check("samples", samples);
        temperatures = temperatures == null ? List.of() : temperatures;
        KEYS.check("temperatures", temperatures);
        samplers = samplers == null ? List.of() : List.copyOf(samplers);
        SamplerGrid.of(samplers, temperatures, GenerationConfig.defaults());
        KEYS.check("pass_at_k", passAtK);
        KEYS.check("early_stopping_patience", earlyStoppingPatience);
        KEYS.check("early_stopping_threshold", earlyStoppingThreshold);
        KEYS.check("eval_prompts", evalPrompts);
        KEYS.check("eval_samples", evalSamples);
        KEYS.check("eval_temperature", evalTemperature);
        whileTraining(evalSteps, evalOnStart, loadBestModelAtEnd, metricForBestModel, greaterIsBetter, earlyStoppingPatience, earlyStoppingThreshold);
        temperatures = List.copyOf(temperatures);
        passAtK = List.copyOf(passAtK);
    }

    /** The components by name, to be set; see {@link #with}. Each method is documented at the component of its name. */
    public interface Draft {

        Draft data(String value);

        Draft task(String value);

        Draft metrics(List<Object> value);

        Draft prompts(int value);

        Draft samples(int value);

        Draft temperatures(List<Double> value);

        Draft samplers(List<Object> value);

        Draft passAtK(List<Integer> value);

        Draft evalSteps(Long value);

        Draft evalOnStart(boolean value);

        Draft loadBestModelAtEnd(boolean value);

        Draft metricForBestModel(String value);

        Draft greaterIsBetter(Boolean value);

        Draft earlyStoppingPatience(int value);

        Draft earlyStoppingThreshold(double value);

        Draft predictWithGenerate(boolean value);

        Draft evalPrompts(int value);

        Draft evalSamples(int value);

        Draft evalTemperature(double value);
    }

    /** Diversity alone, four samples of each prompt at two temperatures. */
    public static EvaluationConfig defaults() {
        return Drafts.make(EvaluationConfig.class, Draft.class,
                c -> c.data(null).task(null).metrics(List.of()).prompts(0).samples(4).temperatures(List.of(0.7, 1.0)).samplers(List.of())
                .passAtK(List.of()).evalSteps(null).evalOnStart(false).loadBestModelAtEnd(false).metricForBestModel(null).greaterIsBetter(null)
                .earlyStoppingPatience(0).earlyStoppingThreshold(0).predictWithGenerate(false).evalPrompts(64).evalSamples(1).evalTemperature(0));
    }

    /** This configuration with what {@code change} sets. */
    public EvaluationConfig with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
    }

    /** Each k of pass@k, clipped. @param drawn samples of a prompt */
    List<Integer> ks(int drawn) {
        int most = Math.max(1, drawn);
        return (passAtK.isEmpty() ? Stream.of(1, most) : passAtK.stream().map(k -> Math.min(k, most))).distinct().toList();
    }

    /** When a run is evaluated while it trains, and what follows. */
    EvalSettings whileTraining() {
        return whileTraining(evalSteps, evalOnStart, loadBestModelAtEnd, metricForBestModel, greaterIsBetter, earlyStoppingPatience, earlyStoppingThreshold);
    }

    private static EvalSettings whileTraining(Long evalSteps, boolean evalOnStart, boolean loadBest, String metric, Boolean greater, int patience,
                                              double threshold) {
        return EvalSettings.defaults().with(c -> c.evalSteps(evalSteps).evalOnStart(evalOnStart).loadBestModelAtEnd(loadBest).metricForBestModel(metric)
                .greaterIsBetter(greater).earlyStoppingPatience(patience).earlyStoppingThreshold(threshold));
    }
}
