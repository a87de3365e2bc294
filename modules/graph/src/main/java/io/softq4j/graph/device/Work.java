package io.softq4j.graph.device;

/** An op bound to its arrays, ready to be run many times. Running it allocates nothing. */
@FunctionalInterface
public interface Work extends AutoCloseable {

    /** Computes the outputs from what the inputs hold now. */
    void run();

    /** Frees what was made to bind it. */
    @Override
    default void close() {
    }
}
