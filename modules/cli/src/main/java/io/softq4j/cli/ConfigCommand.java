package io.softq4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code softq config}: the parent of what can be asked of a configuration. */
@Command(name = "config", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Checks a configuration, shows where each of its values is from, or writes its schema.",
        description = "%nNothing is computed and no data are read.%n",
        synopsisSubcommandLabel = "WHAT",
        commandListHeading = "%nWhat:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq config check -c run.yaml",
            "  # every value, with the line or the option that set it",
            "  softq config show -c run.yaml --set training.seed=7",
            "  # for an editor that completes and checks keys",
            "  softq config schema --out softq.schema.json"
        },
        subcommands = {ConfigCheckCommand.class, ConfigShowCommand.class, ConfigSchemaCommand.class})
final class ConfigCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    private ConfigCommand() {
    }

    /** Without saying what: the help. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
