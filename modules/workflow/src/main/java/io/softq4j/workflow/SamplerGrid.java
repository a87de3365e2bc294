package io.softq4j.workflow;

import io.softq4j.common.UserError;
import io.softq4j.evaluation.SamplerPoint;
import io.softq4j.generation.GenerationConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The samplers that every model is sampled with: {@code evaluation.samplers}, each at {@code evaluation.temperatures}, over the section generation.
 *
 * @param samplers in the order written, temperatures changing fastest
 */
record SamplerGrid(List<GenerationConfig> samplers) {

    private static final String TEMPERATURE = "temperature";
    private static final List<String> KEYS = List.of(TEMPERATURE, "top_k", "top_p", "min_p");

    SamplerGrid {
        samplers = List.copyOf(samplers);
    }

    /**
     * The grid.
     *
     * @throws UserError naming the key, for what is no sampler, and for two that are the same
     */
    static SamplerGrid of(EvaluationConfig evaluation, GenerationConfig generation) {
        SamplerGrid grid = of(evaluation.samplers(), evaluation.temperatures(), generation.sampling(1, evaluation.samples(),
                generation.seed()));
        List<SamplerPoint> points = grid.samplers.stream().map(SamplerGrid::point).toList();
        points.stream().filter(point -> points.indexOf(point) != points.lastIndexOf(point)).findFirst().ifPresent(twice -> {
            throw new UserError("evaluation.samplers gives one twice: temperature " + twice.temperature() + ", top_k " + twice.topK()
                    + ", top_p "
                    + twice.topP() + ", min_p " + twice.minP() + ". Leave one out.");
        });
        return grid;
    }

    /** @param base what the entries change */
    static SamplerGrid of(List<?> entries, List<Double> temperatures, GenerationConfig base) {
        List<GenerationConfig> samplers = new ArrayList<>();
        for (Object entry : entries.isEmpty() ? List.of(Map.of()) : entries) {
            if (!(entry instanceof Map<?, ?> keys)) {
                throw new UserError("samplers is a list of samplers, each with keys of its own, as in [{top_p: 0.9}, {top_p: 1, temperature: [0.7, 1]}]; "
                        + "seen " + entry);
            }
            keys.keySet().stream().filter(key -> !KEYS.contains(String.valueOf(key))).findFirst().ifPresent(key -> {
                throw new UserError("samplers: '" + key + "' is no key of a sampler; they are " + String.join(", ", KEYS)
                        + ". What is the same for all belongs into the section generation.");
            });
            for (double topK : numbers(keys, "top_k", List.of((double) base.topK()))) {
                for (double topP : numbers(keys, "top_p", List.of(base.topP()))) {
                    for (double minP : numbers(keys, "min_p", List.of(base.minP()))) {
                        for (double temperature : numbers(keys, TEMPERATURE, temperatures)) {
                            samplers.add(sampler(base, topK, topP, minP, temperature));
                        }
                    }
                }
            }
        }
        return new SamplerGrid(samplers);
    }

    private static GenerationConfig sampler(GenerationConfig base, double topK, double topP, double minP, double temperature) {
        if (topK != Math.rint(topK)) {
            throw new UserError("samplers: top_k is a whole number, was " + topK);
        }
        try {
            return base.with(c -> c.topK((int) topK).topP(topP).minP(minP).temperature(temperature));
        } catch (UserError e) {
            throw new UserError("samplers: " + e.getMessage(), e);
        }
    }

    /** A number, or a list of them. */
    private static List<Double> numbers(Map<?, ?> keys, String key, List<Double> otherwise) {
        Object given = keys.get(key);
        if (given == null) {
            return otherwise;
        }
        List<Double> numbers = new ArrayList<>();
        for (Object one : given instanceof List<?> list ? list : List.of(given)) {
            if (!(one instanceof Number number)) {
                throw new UserError("samplers: " + key + " is a number or a list of them, was " + given);
            }
            numbers.add(number.doubleValue());
        }
        if (numbers.isEmpty()) {
            throw new UserError("samplers: " + key + " is an empty list; leave it out to have it as in the section generation");
        }
        return numbers;
    }

    private static SamplerPoint point(GenerationConfig sampler) {
        return new SamplerPoint(sampler.temperature(), sampler.topK(), sampler.topP(), sampler.minP());
    }
}
