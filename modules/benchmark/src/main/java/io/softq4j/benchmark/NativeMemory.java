package io.softq4j.benchmark;

import java.util.List;

/** Memory outside the Java heap over many steps: what leaks natively shows here. */
final class NativeMemory implements Measure {

    private static final ModelShape SHAPE = new ModelShape(2, 64, 4, 512, 4, 32);
    /** Steps before the count begins: until then Java compiles, in memory of its own that is no tensor's. */
    private static final int WARM_UP = 500;
    private static final int EARLY = 50;
    private static final int LATE = 2000;
    private static final Goal GOAL = Goal.atMost(1.01);
    private static final double MEGA = 1e6;

    @Override
    public String name() {
        return "native-memory";
    }

    /** The number of steps is the measure's own. */
    @Override
    public List<Row> run(Processes processes, int steps) {
        // a heap that is resident as a whole from the start can be subtracted
        try (TrainingChild ours = processes.ours(SHAPE, "-Xms768m", "-XX:+AlwaysPreTouch")) {
            ours.step(WARM_UP + EARLY, 0);
            double early = ours.memory().outsideHeap();
            ours.step(LATE - EARLY, 0);
            double late = ours.memory().outsideHeap();
            return List.of(Row.of("native memory, step " + LATE + " over " + EARLY, late / MEGA, early / MEGA, "MB", GOAL, "both softq4j, counted after " + WARM_UP + " steps in which Java compiles; " + SHAPE));
        }
    }
}
