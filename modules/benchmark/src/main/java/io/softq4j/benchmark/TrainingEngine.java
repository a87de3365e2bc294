package io.softq4j.benchmark;

/** A model with its batch and optimiser. A step is gradient, clipping to norm 1, and AdamW with a rate of {@value #LEARNING_RATE}. */
public interface TrainingEngine extends AutoCloseable {

    double LEARNING_RATE = 1e-4;
    double MAX_GRAD_NORM = 1;

    /** What computes, with its version. */
    String name();

    /**
     * Trains one step.
     *
     * @param lambda weight of the squared TD residual; 0 is cross-entropy
     * @return the loss before the update, nats a scored token
     * @throws IllegalArgumentException if the engine has cross-entropy only and {@code lambda} is not 0
     */
    double step(double lambda);

    @Override
    void close();
}
