package io.softq4j.evaluation;

import java.util.Objects;

/**
 * What one trained model does with one sampler.
 *
 * @param group          what the trials of one line have in common, such as {@code lambda=0.1}
 * @param sampler        the point of the grid
 * @param seed           of the training run
 * @param quality        its place on the axis of quality, finite, high is good
 * @param diversity      its place on the axis of diversity, finite, high is good
 * @param qualityValue   what the metric behind {@code quality} gave, before it was turned ({@link Turn}); infinite where it is a ratio to nothing
 * @param diversityValue what the metric behind {@code diversity} gave
 */
public record FrontierPoint(String group, SamplerPoint sampler, long seed, double quality, double diversity, double qualityValue,
                            double diversityValue) {

    public FrontierPoint {
        Objects.requireNonNull(group, "group");
        requireFinite("temperature", sampler.temperature(), group, seed);
        requireFinite("quality", quality, group, seed);
        requireFinite("diversity", diversity, group, seed);
    }

    /** Of numbers that need no turning, from the model's own distribution at a temperature. */
    public FrontierPoint(String group, double temperature, long seed, double quality, double diversity) {
        this(group, SamplerPoint.at(temperature), seed, quality, diversity, quality, diversity);
    }

    private static void requireFinite(String name, double value, String group, long seed) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " of '" + group + "', seed " + seed + ", is " + value
                    + "; a frontier is made of finite numbers only");
        }
    }
}
