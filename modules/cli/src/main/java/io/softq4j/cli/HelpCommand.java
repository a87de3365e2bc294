package io.softq4j.cli;

import io.softq4j.cli.terminal.Screen;
import io.softq4j.common.Suggestion;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code softq help}: the same as {@code --help} of a command, of one within another too. */
@Command(name = "help", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Shows what a command does, with examples.",
        description = "%nThe help is text: there is no --json for it.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq help",
            "  softq help train",
            "  softq help config schema"
        })
final class HelpCommand implements Runnable {

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "Of which command; without one, of softq.")
    private List<String> path = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    private HelpCommand() {
    }

    @Override
    public void run() {
        CommandLine command = spec.commandLine().getParent();
        for (String name : path) {
            CommandLine next = command.getSubcommands().get(name);
            if (next == null) {
                CommandLine within = command;
                String meant = Suggestion.nearest(name, within.getSubcommands().keySet()).map(near -> ". Did you mean: "
                        + within.getCommandSpec().qualifiedName() + " " + near + "?").orElse("");
                throw new ParameterException(spec.commandLine(), within.getCommandSpec().qualifiedName() + " has no command '" + name + "'" + meant);
            }
            command = next;
        }
        CommandLine shown = command;
        Screen.trusting(shown.getOut(), () -> {
            shown.usage(shown.getOut());
            return null;
        });
    }
}
