package io.softq4j.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** {@code -v}: our debug messages, what the libraries report, and the stack trace of a failure. */
final class Verbosity {

    @Option(names = {"-v", "--verbose"}, description = "Say more, and show the stack trace of a failure.")
    private void verbose(boolean on) {
        if (on) {
            level("io.softq4j", Level.DEBUG);
            level(org.slf4j.Logger.ROOT_LOGGER_NAME, Level.INFO);
        }
    }

    private static void level(String logger, Level level) {
        ((Logger) LoggerFactory.getLogger(logger)).setLevel(level);
    }
}
