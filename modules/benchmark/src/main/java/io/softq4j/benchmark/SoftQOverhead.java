package io.softq4j.benchmark;

import java.util.List;

/**
 * A step of inverse soft-Q-learning against one of maximum likelihood, in one process.
 *
 * @param shape of model and batch
 */
record SoftQOverhead(ModelShape shape) implements Measure {

    private static final double LAMBDA = 0.1;
    private static final Goal GOAL = Goal.atMost(1.03);

    @Override
    public String name() {
        return "soft-q";
    }

    @Override
    public List<Row> run(Processes processes, int steps) {
        try (TrainingChild ours = processes.ours(shape)) {
            ours.step(LossMismatch.STEPS, LAMBDA);
            double[] seconds = Turns.medians(steps, List.of(() -> ours.seconds(LAMBDA), () -> ours.seconds(0)));
            return List.of(Row.of("soft-q: lambda 0.1 over lambda 0", seconds[0], seconds[1], "s/step", GOAL, "both softq4j; " + shape));
        }
    }
}
