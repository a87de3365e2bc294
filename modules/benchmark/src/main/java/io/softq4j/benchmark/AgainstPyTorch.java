package io.softq4j.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Training of one shape beside PyTorch: tokens a second, the share of the matrix peak, peak memory.
 *
 * @param name  of the measure
 * @param shape of model and batch
 * @param goal  tokens a second over PyTorch's
 */
record AgainstPyTorch(String name, ModelShape shape, double goal) implements Measure {

    private static final Goal SHARE = Goal.atLeast(0.7);
    private static final Goal MEMORY = Goal.atMost(0.5);
    private static final double GIGA = 1e9;

    @Override
    public List<Row> run(Processes processes, int steps) {
        Path directory = null;
        try {
            directory = Files.createTempDirectory("softq-benchmark");
            return run(processes, steps, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Scratch.delete(directory, "model.safetensors");
        }
    }

    private List<Row> run(Processes processes, int steps, Path directory) {
        List<String> notes = new ArrayList<>();
        try (TrainingChild ours = processes.ours(shape)) {
            ours.write(directory);
            ours.resetPeak();
            double[] losses = ours.step(LossMismatch.STEPS, 0).losses();
            try (TrainingChild peer = PyTorch.fastest(processes, shape, directory, losses, notes)) {
                double[] seconds = Turns.medians(steps, List.of(() -> ours.seconds(0), () -> peer.seconds(0)));
                ProcessMemory ourMemory = ours.memory();
                ProcessMemory peerMemory = peer.memory();
                // as training runs them, one step after another, and the products of the peak likewise
                double step = Turns.median(ours.step(steps, 0).seconds());
                MatrixPeak.Rate peak = ours.peak();
                notes.add(0, peer.name());
                return List.of(
                        Row.of(name + ": speed", shape.tokens() / seconds[0], shape.tokens() / seconds[1], "tokens/s", Goal.atLeast(goal),
                                String.join("; ", notes)),
                        Row.of(name + ": share of the matrix peak", Flops.step(shape) / step / GIGA, peak.flops() / GIGA, "GFLOP/s", SHARE,
                                "peak: " + peak.product()),
                        Row.of(name + ": peak memory", ourMemory.peak() / GIGA, peerMemory.peak() / GIGA, "GB", MEMORY, peer.name()),
                        withCheckpointing(processes, seconds[1], peerMemory));
            }
        }
    }

    /** The same model with gradient checkpointing, against the same steps of PyTorch. */
    private Row withCheckpointing(Processes processes, double peerSeconds, ProcessMemory peerMemory) {
        try (TrainingChild ours = processes.ours(shape, true)) {
            ours.resetPeak();
            double seconds = Turns.median(ours.step(2 * LossMismatch.STEPS, 0).seconds());
            return Row.of(name + ": with gradient_checkpointing", ours.memory().peak() / GIGA, peerMemory.peak() / GIGA, "GB", MEMORY,
                    String.format(Locale.ROOT, "speed %,.0f tokens/s, %.2f times PyTorch's", shape.tokens() / seconds, peerSeconds / seconds));
        }
    }
}
