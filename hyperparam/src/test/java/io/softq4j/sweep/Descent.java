package io.softq4j.sweep;

import java.util.List;
import java.util.Map;
import java.util.Random;

/** A small real training run: gradient descent on a quadratic from a seeded start. Its score is minus the loss it ends with. */
final class Descent {

    private static final double[] CURVATURE = {1, 4, 9};
    private static final int STEPS = 20;

    private Descent() {
    }

    static TrialResult run(Trial trial) {
        double rate = ((Number) trial.parameters().getOrDefault("training.learning_rate", 0.1)).doubleValue();
        double lambda = ((Number) trial.parameters().getOrDefault("objective.lambda", 0L)).doubleValue();
        Random random = new Random(trial.seed());
        double loss = 0;
        double[] x = random.doubles(CURVATURE.length, -1, 1).toArray();
        for (int step = 0; step <= STEPS; step++) {
            loss = 0;
            for (int i = 0; i < x.length; i++) {
                loss += 0.5 * CURVATURE[i] * x[i] * x[i];
                x[i] -= rate * (CURVATURE[i] * x[i] + lambda * Math.signum(x[i]));
            }
        }
        return new TrialResult(-loss, Map.of("loss", loss, "rows", List.of(Map.of("temperature", 0.5, "quality", -loss, "samples", 4))));
    }

    static SweepConfig grid(Map<String, Object> parameters, Long... seeds) {
        return SweepConfig.defaults().with(c -> c.parameters(parameters).seeds(List.of(seeds)));
    }

    static SweepConfig parallel(SweepConfig config, int parallelism) {
        return config.with(c -> c.parallelism(parallelism));
    }
}
