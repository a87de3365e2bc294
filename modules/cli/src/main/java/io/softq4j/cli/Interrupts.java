package io.softq4j.cli;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * What Ctrl-C does until it is closed; then it ends the program again. There is no other way to it than the JDK's own class, which is in its module of
 * what is not supported, but has been the same since Java 1.2.
 */
final class Interrupts implements AutoCloseable {

    private static final Signal INT = new Signal("INT");

    private final SignalHandler before;

    private Interrupts(SignalHandler before) {
        this.before = before;
    }

    /** Has Ctrl-C run {@code instead}, by a thread of its own. */
    static Interrupts to(Runnable instead) {
        return new Interrupts(Signal.handle(INT, signal -> instead.run()));
    }

    @Override
    public void close() {
        Signal.handle(INT, before);
    }
}
