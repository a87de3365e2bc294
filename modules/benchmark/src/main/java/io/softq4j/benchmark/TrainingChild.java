package io.softq4j.benchmark;

import java.nio.file.Path;

/** A process that trains. */
final class TrainingChild extends Child {

    private final String name;

    TrainingChild(ProcessBuilder builder) {
        super(builder);
        name = ask("name").asText();
    }

    /** What computes, with its version. */
    String name() {
        return name;
    }

    /** Trains {@code n} steps. */
    StepTimes step(int n, double lambda) {
        return ask("step " + n + " " + lambda, StepTimes.class);
    }

    /** One step's seconds. */
    double seconds(double lambda) {
        return step(1, lambda).seconds()[0];
    }

    /** Peak memory counts from now. */
    void resetPeak() {
        ask("reset");
    }

    ProcessMemory memory() {
        return ask("memory", ProcessMemory.class);
    }

    /** Ours only: writes {@code model.safetensors}. */
    void write(Path directory) {
        ask("write " + directory);
    }

    /** Ours only: the matrix peak of this process. */
    MatrixPeak.Rate peak() {
        return ask("peak", MatrixPeak.Rate.class);
    }
}
