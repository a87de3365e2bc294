package io.softq4j.cli;

import io.softq4j.cli.terminal.Screen;
import io.softq4j.cli.terminal.VisibleMessage;
import io.softq4j.graph.backend.BackendChoice;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Marks a command that computes on ND4J: where is decided before it starts, and said if it is not where the user asked. */
interface Computes {

    /** How every command is run. */
    static int run(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        CommandLine command = last.commandSpec().commandLine();
        Verbosity.apply(parsed);
        if (command.getCommand() instanceof Computes && !last.isUsageHelpRequested() && !last.isVersionHelpRequested()) {
            try {
                String note = BackendChoice.current().note();
                if (!note.isEmpty()) {
                    command.getErr().println(VisibleMessage.WARNING + note);
                }
            } catch (RuntimeException e) {
                throw new CommandLine.ExecutionException(command, e.getMessage(), e);
            }
        }
        Integer help = Screen.trusting(command.getOut(), () -> CommandLine.executeHelpRequest(parsed));
        if (help != null) {
            return help;
        }
        return JsonResults.around(command, () -> new CommandLine.RunLast().execute(parsed));
    }
}
