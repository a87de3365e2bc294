package io.softq4j.cli;

import io.softq4j.cli.pipeline.Sections;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code softq config show}. */
@Command(name = "show", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Prints the whole configuration as YAML, with the origin of each value beside it.",
        description = "%nThe origin is the file with the line, --set, or default. What a model's generation_config.json sets lies between "
                + "the defaults and the file, and is not known here.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq config show",
            "  softq config show -c run.yaml --set training.seed=7",
            "  # the values of one section",
            "  softq config show -c run.yaml | sed -n '/^training:/,/^[a-z]/p'"
        })
final class ConfigShowCommand implements Callable<Integer> {

    @Mixin
    private ConfigOptions options;

    @Spec
    private CommandSpec spec;

    private ConfigShowCommand() {
    }

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(options.read(Sections.RUN).originYaml());
        return 0;
    }
}
