package io.softq4j.cli;

import io.softq4j.cli.terminal.LaunchersFilter;
import io.softq4j.cli.terminal.Screen;
import io.softq4j.cli.terminal.StandardOutput;
import io.softq4j.cli.terminal.Terminal;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root of the command line, and its {@code main}. */
@Command(name = "softq", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "softq4j fine-tunes language models on the JVM, with maximum likelihood and with inverse soft-Q-learning.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  # everything once, on a corpus of its own: a few minutes, a picture at the end",
            "  softq quickstart",
            "  softq doctor                        can this machine run it, and how fast",
            "  softq help COMMAND                  what a command does, with examples",
            "",
            "Exit codes: 0 done, 1 a fault in softq4j, 2 something for you to put right:",
            "the message says what."
        },
        subcommands = {QuickstartCommand.class, PrepareCommand.class, InspectCommand.class, TrainCommand.class, GenerateCommand.class, ChatCommand.class,
            EvaluateCommand.class, CompareCommand.class, SweepCommand.class, MergeCommand.class, ExportCommand.class, ModelsCommand.class,
            ConvertCommand.class, ConfigCommand.class, DoctorCommand.class, BenchmarkCommand.class, CompletionCommand.class, HelpCommand.class})
public final class Softq implements Runnable {

    @Spec
    private CommandSpec spec;

    private Softq() {
    }

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);    // for the libraries; nothing of ours asks for it
        LaunchersFilter.goRound();
        CommandLine line = commandLine();
        int code;
        try {
            code = line.execute(args);
        } catch (Throwable e) {    // an Error: picocli hands on exceptions only
            code = Errors.report(e, line.getErr());
        }
        line.getOut().flush();
        code = StandardOutput.codeAfter(code, line.getErr());
        LaunchersFilter.drain();
        System.exit(code);
    }

    /** The command line with its error rules, writing UTF-8 to standard output and standard error, each a {@link Screen}. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Softq());
        line.setOut(Screen.of(System.out, Terminal.out()));
        line.setErr(Screen.of(System.err, Terminal.err()));
        line.setColorScheme(Terminal.scheme());
        addVerbosity(line);
        line.setUsageHelpAutoWidth(true);
        line.setUsageHelpLongOptionsMaxWidth(34);
        line.setAbbreviatedOptionsAllowed(false);
        line.setExecutionStrategy(Computes::run);
        Errors errors = new Errors();
        line.setParameterExceptionHandler(errors);
        line.setExecutionExceptionHandler(errors);
        return line;
    }

    private static void addVerbosity(CommandLine line) {
        line.addMixin("verbosity", new Verbosity());
        line.getSubcommands().values().forEach(Softq::addVerbosity);
    }

    /** Without a command: the help. */
    @Override
    public void run() {
        CommandLine line = spec.commandLine();
        Screen.trusting(line.getOut(), () -> {
            line.usage(line.getOut());
            return null;
        });
    }
}
