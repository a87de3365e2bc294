package io.softq4j.cli;

import io.softq4j.common.Inputs;
import io.softq4j.common.Mistakes;
import io.softq4j.config.ConfigFile;
import io.softq4j.config.ConfigSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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

    /** What of these a command reads that has this configuration: the file itself. */
    Inputs inputs() {
        return Inputs.NONE.and(file);
    }

    List<String> assignments() {
        return assignments;
    }

    /** Defaults, under the file, under the assignments. */
    ConfigFile read(ConfigSchema schema) {
        return schema.read(file, assignments);
    }

    /** A configuration of earlier, under the file, under the assignments: only what they state differs from it. */
    ConfigFile readOver(Path base, ConfigSchema schema, Mistakes mistakes) {
        return schema.read(Stream.concat(Stream.of(base), file.stream()).toList(), assignments, mistakes);
    }

    /** Whether an assignment is of one of these sections. */
    boolean assigns(String... sections) {
        return assignments.stream().anyMatch(assignment -> Stream.of(sections).anyMatch(section -> assignment.startsWith(section + ".")));
    }

    /** The same as {@link #read(ConfigSchema)}; what is wrong goes to {@code mistakes} and has its default. */
    ConfigFile read(ConfigSchema schema, Mistakes mistakes) {
        return schema.read(file, assignments, mistakes);
    }
}
