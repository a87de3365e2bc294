package io.softq4j.cli;

import io.softq4j.common.Suggestion;
import io.softq4j.common.UserError;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The one rule for failures: 2 and one message for what the user can put right, 1 and one line for a fault of ours. Stack traces only with {@code
 * -v}.
 */
final class Errors implements IExecutionExceptionHandler, IParameterExceptionHandler {

    /** Exit code: the user can put it right. */
    static final int USER = 2;
    /** Exit code: a fault of ours. */
    static final int INTERNAL = 1;

    private static final Logger log = LoggerFactory.getLogger(Errors.class);

    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult parsed) {
        return report(e, commandLine.getErr());
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        if (e.getCause() instanceof UserError error) {
            return report(error, command.getErr());
        }
        command.getErr().println("softq: error: " + e.getMessage().replaceFirst("^Error: ", ""));
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            // picocli would name the nearest, however far it is
            Suggestion.nearest(unmatched.getUnmatched().get(0), command.getSubcommands().keySet())
                    .ifPresent(name -> didYouMean(command, command.getCommandSpec().qualifiedName() + " " + name));
        } else {
            misspelled(command.getCommandSpec(), args).forEach(option -> didYouMean(command, option));
        }
        if (e instanceof UnmatchedArgumentException unmatched && unmatched.getUnmatched().contains("--resume")) {
            command.getErr().println(command.getCommandName().equals("sweep") ? "A sweep needs no --resume: the same command goes on where it stopped."
                    : "Only softq train has --resume; " + command.getCommandName() + " begins anew.");
        }
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return USER;
    }

    private static void didYouMean(CommandLine command, String meant) {
        command.getErr().println("Did you mean: " + meant + "?");
    }

    /** The options that were probably meant, also where what picocli complains of is that they are missing. */
    private static List<String> misspelled(CommandSpec command, String[] args) {
        List<String> options = command.options().stream().flatMap(option -> Arrays.stream(option.names())).filter(Errors::isLong).toList();
        return Arrays.stream(args).map(argument -> argument.replaceFirst("=.*", "")).filter(Errors::isLong).filter(name -> !options.contains(name))
                .flatMap(option -> Suggestion.nearest(option, options).stream()).distinct().toList();
    }

    /** Every short option is near every other. */
    private static boolean isLong(String option) {
        return option.startsWith("--") || option.startsWith("-") && option.length() > 3;
    }

    /** Prints what went wrong and returns the exit code. */
    static int report(Throwable failure, PrintWriter err) {
        boolean verbose = log.isDebugEnabled();
        UserError error = find(failure, UserError.class);
        OutOfMemoryError memory = find(failure, OutOfMemoryError.class);
        if (error != null) {
            err.println("softq: error: " + error.getMessage());
        } else if (memory != null) {
            err.println("softq: error: out of memory (" + memory.getMessage() + "): " + limits()
                    + ". Make the batch, the sequence length or the model smaller, or give it more memory (softq doctor shows what it has).");
        } else {
            err.println("softq: internal error: " + failure + (verbose ? "" : ". Run with -v for the stack trace."));
        }
        if (verbose) {
            failure.printStackTrace(err);
        }
        return error != null || memory != null ? USER : INTERNAL;
    }

    private static String limits() {
        return "heap " + (Runtime.getRuntime().maxMemory() >> 20) + " MB (SOFTQ_JAVA_OPTS=-Xmx2g makes it 2 GB), off the heap "
                + System.getProperty("org.bytedeco.javacpp.maxbytes", "as much as the heap") + " (-Dorg.bytedeco.javacpp.maxbytes=8g)";
    }

    private static <T extends Throwable> T find(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
