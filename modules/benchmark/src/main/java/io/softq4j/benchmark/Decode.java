package io.softq4j.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Greedy generation beside ONNX Runtime, which runs our exported decoding step with its key-value cache.
 *
 * @param shape of the model; its length is that of prompt and continuation
 */
record Decode(ModelShape shape) implements Measure {

    /** Runs of each side at most: one takes seconds. */
    private static final int MOST_ROUNDS = 3;
    private static final Goal GOAL = Goal.atLeast(1.5);

    @Override
    public String name() {
        return "decode";
    }

    @Override
    public List<Row> run(Processes processes, int steps) {
        Path directory = null;
        try {
            directory = Files.createTempDirectory("softq-benchmark");
            return run(processes, Math.min(steps, MOST_ROUNDS), directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Scratch.delete(directory, "model.onnx");
        }
    }

    private List<Row> run(Processes processes, int rounds, Path directory) {
        try (Child ours = new Child(processes.ours(OurDecoder.class, List.of(), shape.text()))) {
            ours.ask("export " + directory);
            String model = directory.resolve("model.onnx").toString();
            try (Child peer = new Child(processes.ours(OnnxMain.class, List.of(), shape.text(), model, Integer.toString(processes.threads())))) {
                double agreement = ours.ask("decode", Decoded.class).agreement(peer.ask("decode", Decoded.class));
                double[] seconds = Turns.medians(rounds, List.of(() -> ours.ask("decode", Decoded.class).seconds(),
                        () -> peer.ask("decode", Decoded.class).seconds()));
                double tokens = Prompts.ROWS * Prompts.NEW_TOKENS;
                return List.of(Row.of("decode", tokens / seconds[0], tokens / seconds[1], "tokens/s", GOAL, String.format(Locale.ROOT,
                        "%s with a key-value cache; %.1f %% of the tokens are the same", peer.ask("name").asText(), 100 * agreement)));
            }
        }
    }
}
