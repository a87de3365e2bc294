package io.softq4j.benchmark;

import java.util.List;

/**
 * Whether the time of a step grows as its operations do: two shapes of equal tokens.
 *
 * @param name of the measure
 * @param from the smaller
 * @param to   the larger
 */
record Growth(String name, ModelShape from, ModelShape to) implements Measure {

    private static final Goal GOAL = Goal.atMost(1.1);

    Growth {
        if (from.tokens() != to.tokens()) {
            throw new IllegalArgumentException("steps of " + from.tokens() + " and " + to.tokens() + " tokens do not compare");
        }
    }

    @Override
    public List<Row> run(Processes processes, int steps) {
        try (TrainingChild small = processes.ours(from); TrainingChild large = processes.ours(to)) {
            small.step(LossMismatch.STEPS, 0);
            large.step(LossMismatch.STEPS, 0);
            double[] seconds = Turns.medians(steps, List.of(() -> large.seconds(0), () -> small.seconds(0)));
            return List.of(Row.of(name, seconds[0] / seconds[1], Flops.step(to) / Flops.step(from), "times", GOAL,
                    "ours: time, peer: FLOPs; " + from + " to " + to));
        }
    }
}
