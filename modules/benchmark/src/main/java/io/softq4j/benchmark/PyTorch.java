package io.softq4j.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/** Which of the ways to PyTorch is the peer: the one that is faster here and now. */
final class PyTorch {

    /** The official library through DJL, and the JavaCPP presets' build of it. */
    static final List<String> WAYS = List.of("djl", "javacpp");

    private static final int ROUNDS = 3;

    private PyTorch() {
    }

    /**
     * Starts all, checks their losses, times a few steps in turns and keeps the fastest.
     *
     * @param ours   losses of our first steps with the same weights
     * @param losers what the others took, for the note
     * @throws LossMismatch if one of them does not compute what we do
     */
    static TrainingChild fastest(Processes processes, ModelShape shape, Path model, double[] ours, List<String> losers) {
        List<TrainingChild> children = new ArrayList<>();
        TrainingChild best = null;
        try {
            for (String way : WAYS) {
                TrainingChild child = processes.peer(way, shape, model);
                children.add(child);
                child.resetPeak();
                LossMismatch.check("softq4j", ours, child.name(), child.step(LossMismatch.STEPS, 0).losses());
            }
            double[] medians = Turns.medians(ROUNDS, children.stream().<DoubleSupplier>map(c -> () -> c.seconds(0)).toList());
            int fastest = 0;
            for (int i = 1; i < medians.length; i++) {
                fastest = medians[i] < medians[fastest] ? i : fastest;
            }
            for (int i = 0; i < medians.length; i++) {
                if (i != fastest) {
                    losers.add(String.format(Locale.ROOT, "%s took %.2f times as long", children.get(i).name(), medians[i] / medians[fastest]));
                }
            }
            best = children.get(fastest);
            return best;
        } finally {
            for (TrainingChild child : children) {
                if (child != best) {
                    child.close();
                }
            }
        }
    }
}
