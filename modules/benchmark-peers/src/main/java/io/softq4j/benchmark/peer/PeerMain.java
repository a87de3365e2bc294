package io.softq4j.benchmark.peer;

import io.softq4j.benchmark.CommandServer;
import io.softq4j.benchmark.ModelShape;
import io.softq4j.benchmark.TrainingEngine;
import java.nio.file.Path;

/** Main class of a peer's process; arguments: way to PyTorch, shape, model directory, threads. */
public final class PeerMain {

    private PeerMain() {
    }

    public static void main(String[] args) {
        CommandServer.run(() -> CommandServer.of(engine(args[0], ModelShape.parse(args[1]), Path.of(args[2]), Integer.parseInt(args[3]))));
    }

    private static TrainingEngine engine(String way, ModelShape shape, Path model, int threads) {
        return switch (way) {
            case "djl" -> new DjlEngine(shape, model, threads);
            case "javacpp" -> new JavaCppEngine(shape, model, threads);
            default -> throw new IllegalArgumentException("no way to PyTorch is called " + way);
        };
    }

    static void requireCrossEntropy(double lambda) {
        if (lambda != 0) {
            throw new IllegalArgumentException("PyTorch is measured with cross-entropy only, lambda was " + lambda);
        }
    }
}
