package io.softq4j.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.softq4j.cli.terminal.Terminal;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/**
 * The options of every command for how much is said. {@code -v}: our debug messages, what the libraries report, and the stack trace of a failure. {@code
 * -q}: results, warnings and errors only.
 */
final class Verbosity {

    @Option(names = {"-v", "--verbose"}, description = "Say more, and show the stack trace of a failure.")
    private void verbose(boolean on) {
        if (on) {
            level("io.softq4j", Level.DEBUG);
            level(org.slf4j.Logger.ROOT_LOGGER_NAME, Level.INFO);
        }
    }

    @Option(names = {"-q", "--quiet"}, description = "Show no progress: results, warnings and errors only.")
    private boolean quiet;

    /** Sets for a run what its command, or one it is part of, was told; said of each, since {@code softq -q train} has two. */
    static void apply(ParseResult parsed) {
        boolean quiet = parsed.hasMatchedOption("--quiet");
        boolean verbose = parsed.hasMatchedOption("--verbose");
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
            quiet |= last.hasMatchedOption("--quiet");
            verbose |= last.hasMatchedOption("--verbose");
        }
        if (quiet && verbose) {
            throw new CommandLine.ParameterException(last.commandSpec().commandLine(), "-q (--quiet) and -v (--verbose) exclude each other");
        }
        Terminal.quiet(quiet);
        if (!verbose) {
            level("io.softq4j", quiet ? Level.WARN : Level.INFO);
        }
    }

    private static void level(String logger, Level level) {
        ((Logger) LoggerFactory.getLogger(logger)).setLevel(level);
    }
}
