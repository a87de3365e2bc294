package io.softq4j.cli;

import io.softq4j.config.ConfigFile;
import io.softq4j.workflow.Sections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code softq config show}. */
@Command(name = "show", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Prints the whole configuration as YAML, with the origin of each value beside it.",
        description = "%nThe origin is the file with the line, --set, or default. What depends on the model a command starts from is not known "
                + "here: its generation_config.json, and the defaults of training.learning_rate and objective.lambda.%n",
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

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private ConfigShowCommand() {
    }

    @Override
    public Integer call() {
        ConfigFile config = options.configuration().read();
        for (String section : Sections.RUN.sections()) {
            Map<String, String> origins = new LinkedHashMap<>();
            config.origins(section).forEach((key, origin) -> origins.put(key, origin.text()));
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("values", config.values(section));
            shown.put("origins", origins);
            results.put(section, shown);
        }
        spec.commandLine().getOut().print(config.originYaml());
        return 0;
    }
}
