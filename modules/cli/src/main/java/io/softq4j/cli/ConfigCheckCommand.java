package io.softq4j.cli;

import io.softq4j.config.ConfigFile;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code softq config check}. */
@Command(name = "check", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Reads a configuration as every command does and reports all mistakes in it.",
        description = "%nUnknown keys, wrong types, values that are not allowed and values that contradict each other. Whether files exist "
                + "and whether a model fits is not looked at.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq config check -c run.yaml",
            "  softq config check -c run.yaml --set objective.lambda=0.5",
            "",
            "Exit code 2 if there are mistakes."
        })
final class ConfigCheckCommand implements Callable<Integer> {

    @Mixin
    private ConfigOptions options;

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private ConfigCheckCommand() {
    }

    @Override
    public Integer call() {
        ConfigFile config = options.configuration().read();
        int set = config.stated().size();
        results.put("set", config.stated());
        spec.commandLine().getOut().printf(Locale.ROOT, "%s: no mistakes; %d key%s set, the others have their defaults%n",
                options.file().map(Path::toString).orElse("configuration"), set, set == 1 ? " is" : "s are");
        return 0;
    }
}
