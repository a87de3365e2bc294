package io.softq4j.evaluation;

import java.util.Objects;

/**
 * What one trained model does at one temperature.
 *
 * @param group       what the trials of one line have in common, such as {@code lambda=0.1}
 * @param temperature of the sampler
 * @param seed        of the training run
 * @param quality     finite, high is good
 * @param diversity   finite, high is diverse; turn Self-BLEU round: 100 - Self-BLEU
 */
public record FrontierPoint(String group, double temperature, long seed, double quality, double diversity) {

    public FrontierPoint {
        Objects.requireNonNull(group, "group");
        requireFinite("temperature", temperature, group, seed);
        requireFinite("quality", quality, group, seed);
        requireFinite("diversity", diversity, group, seed);
    }

    private static void requireFinite(String name, double value, String group, long seed) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " of '" + group + "', seed " + seed + ", is " + value
                    + "; a frontier is made of finite numbers only");
        }
    }
}
