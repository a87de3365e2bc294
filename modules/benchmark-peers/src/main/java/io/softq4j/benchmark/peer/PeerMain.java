package io.softq4j.benchmark.peer;

import io.softq4j.benchmark.ModelShape;
import io.softq4j.benchmark.TrainingEngine;
import java.nio.file.Path;

/** Main class of a peer's process. */
public final class PeerMain {

    private PeerMain() {
    }

    public static void main(String[] args) {
        ModelShape shape = ModelShape.parse(args[1]);
        Path model = Path.of(args[2]);
        TrainingEngine engine = args[0].equals("djl") ? new DjlEngine(shape, model, 2) : new JavaCppEngine(shape, model, 2);
        System.out.println(engine.name());
        for (int i = 0; i < Integer.parseInt(args[3]); i++) {
            long t = System.nanoTime();
            double loss = engine.step(0);
            System.out.printf("%.6f %.3f s%n", loss, (System.nanoTime() - t) / 1e9);
        }
    }

    static void requireCrossEntropy(double lambda) {
        if (lambda != 0) {
            throw new IllegalArgumentException("PyTorch is measured with cross-entropy only, lambda was " + lambda);
        }
    }
}
