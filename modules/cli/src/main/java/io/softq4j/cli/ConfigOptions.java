package io.softq4j.cli;

import io.softq4j.workflow.Configuration;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of every command that reads a configuration; a {@code @Mixin}. */
final class ConfigOptions {

    @Option(names = {"-c", "--config"}, paramLabel = "FILE",
            description = "YAML configuration. Relative paths in it are relative to the current directory.")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--set", paramLabel = "KEY=VALUE",
            description = "Sets one key of the configuration, over the file: --set training.seed=7. Text is taken as it is; "
                    + "lists and sections are YAML. Repeatable.")
    private List<String> assignments = List.of();

    Optional<Path> file() {
        return file;
    }

    /** Defaults, under the file, under the assignments. */
    Configuration configuration() {
        return file.map(Configuration::of).orElseGet(Configuration::defaults).set(assignments);
    }
}
