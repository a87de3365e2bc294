package io.softq4j.cli;

import io.softq4j.config.ConfigFile;
import io.softq4j.workflow.ConfigurationCheck;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code softq config check}. */
@Command(name = "check", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Reads a configuration as every command does and reports all mistakes in it.",
        description = "%nUnknown keys, wrong types, values that are not allowed and values that contradict each other; of a section sweep each "
                + "of its settings; classes of tasks, metrics and transforms. Whether files are there is looked at with --files alone. What depends "
                + "on rows, on a model or on memory is not looked at.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq config check -c run.yaml",
            "  softq config check -c run.yaml --set objective.lambda=0.5",
            "  # and whether corpora, tokenizer and chat template are there",
            "  softq config check -c run.yaml --files",
            "",
            "Exit code 2 if there are mistakes."
        })
final class ConfigCheckCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigCheckCommand.class);

    @Mixin
    private ConfigOptions options;

    @Option(names = "--files", description = "Look whether the files that it names are there, too.")
    private boolean files;

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private ConfigCheckCommand() {
    }

    @Override
    public Integer call() {
        ConfigurationCheck check = new ConfigurationCheck(options.configuration());
        ConfigurationCheck.Result result = (files ? check.files() : check).run();
        ConfigFile config = result.config();
        result.warnings().forEach(LOG::warn);
        results.put("warnings", result.warnings());
        int set = config.stated().size();
        results.put("set", config.stated());
        spec.commandLine().getOut().printf(Locale.ROOT, "%s: no mistakes; %d key%s set, the others have their defaults%n",
                options.file().map(Path::toString).orElse("configuration"), set, set == 1 ? " is" : "s are");
        return 0;
    }
}
