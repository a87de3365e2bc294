package io.softq4j.benchmark;

/**
 * Some steps of one engine.
 *
 * @param seconds of each step
 * @param losses  before each update, nats a scored token
 */
public record StepTimes(double[] seconds, double[] losses) {

    /** Runs {@code n} steps. */
    static StepTimes of(TrainingEngine engine, int n, double lambda) {
        StepTimes times = new StepTimes(new double[n], new double[n]);
        for (int i = 0; i < n; i++) {
            long start = System.nanoTime();
            times.losses[i] = engine.step(lambda);
            times.seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        return times;
    }
}
