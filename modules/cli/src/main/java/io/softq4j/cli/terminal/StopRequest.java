package io.softq4j.cli.terminal;

import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * What SIGTERM and Ctrl-C ask of a process at long work: to end after the step it is at, saved, so that it can go on later, or saying what is lost. A second one ends it at once;
 * what is half written then is discarded by whoever reads next. A signal that the process was started to ignore stays ignored.
 */
public final class StopRequest implements AutoCloseable {

    private static final int EXIT_OF_SIGNALS = 128;
    private static final String[] SIGNALS = {"INT", "TERM"};

    private final Map<Signal, SignalHandler> before = new java.util.HashMap<>();
    private final Consumer<String> told;
    private final String unit;
    private volatile int signal;

    private StopRequest(String unit, Consumer<String> told) {
        this.unit = unit;
        this.told = told;
    }

    /**
     * Listens until it is closed.
     *
     * @param unit of work after which it ends, such as {@code step}
     * @param told hears what is going to happen
     */
    public static StopRequest listen(String unit, Consumer<String> told) {
        StopRequest request = new StopRequest(unit, told);
        for (String name : SIGNALS) {
            Signal signal = new Signal(name);
            request.before.put(signal, Signal.handle(signal, request::heard));
        }
        return request;
    }

    private void heard(Signal heard) {
        if (signal != 0) {
            Runtime.getRuntime().halt(EXIT_OF_SIGNALS + heard.getNumber());
        }
        signal = heard.getNumber();
        told.accept("SIG" + heard.getName() + ": stopping after this " + unit + "; once more to stop at once");
    }

    /** Whether one has come. */
    public boolean isMade() {
        return signal != 0;
    }

    /** Ends what is running if one has come. @throws CancellationException then */
    public void requireGoingOn() {
        if (isMade()) {
            throw new CancellationException("stopped");
        }
    }

    /** What a process says that ended by the signal: 130 for Ctrl-C, 143 for SIGTERM. */
    public int exitCode() {
        return EXIT_OF_SIGNALS + signal;
    }

    @Override
    public void close() {
        before.forEach(Signal::handle);
    }
}
