package io.softq4j.cli.pipeline;

import io.softq4j.common.UserError;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is measured on a model.
 *
 * @param data         corpus file of the prompts, rendered as the training data were; null for the validation files of the data section
 * @param task         decides what is right: gsm8k, exact_match:FIELD, or the name of a class that implements {@link io.softq4j.evaluation.Task};
 *                     null measures diversity alone
 * @param prompts      so many different prompts, drawn by the generation section's seed; 0 for all. Rows with the same prompt are one item
 * @param samples      samples of each prompt
 * @param temperatures one report for each
 * @param passAtK      each k of pass@k, at most {@code samples}; empty for 1 and {@code samples}
 */
public record EvaluationConfig(String data, String task, int prompts, int samples, List<Double> temperatures, List<Integer> passAtK) {

    public EvaluationConfig {
        if (prompts < 0) {
            throw new UserError("prompts must be at least 0 (0 is all), was " + prompts);
        }
        if (samples < 1) {
            throw new UserError("samples must be at least 1, was " + samples);
        }
        if (temperatures == null || temperatures.isEmpty()) {
            throw new UserError("temperatures is empty; give at least one, as in [0.7, 1.0]");
        }
        for (double temperature : temperatures) {
            if (!(temperature >= 0) || Double.isInfinite(temperature)) {
                throw new UserError("temperatures must be at least 0 (0 is the most probable token each time), one was " + temperature);
            }
        }
        if (temperatures.stream().distinct().count() != temperatures.size()) {
            throw new UserError("temperatures names one twice: " + temperatures);
        }
        for (int k : passAtK) {
            if (k < 1 || k > samples) {
                throw new UserError("pass_at_k must be from 1 to samples (" + samples + "), was " + k + "; change one of the two, as in pass_at_k: ["
                        + (samples == 1 ? "1" : "1, " + samples) + "]");
            }
        }
        temperatures = List.copyOf(temperatures);
        passAtK = List.copyOf(passAtK);
    }

    /** Diversity alone, four samples of each prompt at two temperatures. */
    public static EvaluationConfig defaults() {
        return new EvaluationConfig(null, null, 0, 4, List.of(0.7, 1.0), List.of());
    }

    /** Each k of pass@k. */
    List<Integer> ks() {
        return passAtK.isEmpty() ? Stream.of(1, samples).distinct().toList() : passAtK;
    }
}
