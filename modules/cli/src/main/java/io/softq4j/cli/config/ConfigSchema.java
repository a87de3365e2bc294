package io.softq4j.cli.config;

import io.softq4j.common.Suggestion;
import io.softq4j.common.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sections a configuration may have, each a record of the module it configures with that record's defaults. Immutable.
 *
 * <p>Relative paths in a configuration are relative to the current directory, as they are on the command line.
 */
public final class ConfigSchema {

    private final Map<String, Record> defaults;

    private ConfigSchema(Map<String, Record> defaults) {
        this.defaults = defaults;
    }

    /** No sections yet. */
    public static ConfigSchema empty() {
        return new ConfigSchema(Map.of());
    }

    /** This schema with one more section, such as {@code section("training", TrainingConfig.defaults())}. */
    public ConfigSchema section(String name, Record sectionDefaults) {
        Map<String, Record> more = new LinkedHashMap<>(defaults);
        if (more.put(name, sectionDefaults) != null) {
            throw new IllegalArgumentException("section " + name + " is there already");
        }
        return new ConfigSchema(Collections.unmodifiableMap(more));
    }

    /**
     * Reads a configuration: defaults, under the file, under the assignments in their order.
     *
     * @param file        YAML, or nothing for the defaults
     * @param assignments {@code section.key=value}, as given to {@code --set}
     * @throws UserError naming file and line, for YAML that does not parse, unknown keys, wrong types and values a record refuses
     */
    public ConfigFile read(Optional<Path> file, List<String> assignments) {
        Setting.Mapping settings = file.map(SettingReader::readFile).orElse(new Setting.Mapping(Map.of(), new Origin("defaults")));
        for (String assignment : assignments) {
            settings = settings.with(SettingReader.readAssignment(assignment));
        }
        List<String> names = new ArrayList<>(defaults.keySet());
        settings.entries().forEach((name, value) -> {
            if (!names.contains(name)) {
                throw new UserError(value.origin() + ": unknown key '" + name + "'. " + Suggestion.forKey("", name, names));
            }
        });
        Map<String, Record> sections = new LinkedHashMap<>();
        for (var section : defaults.entrySet()) {
            Setting value = settings.entries().get(section.getKey());
            sections.put(section.getKey(), value == null ? section.getValue() : bind(section.getValue(), value, section.getKey()));
        }
        return new ConfigFile(Collections.unmodifiableMap(sections));
    }

    private static <R extends Record> Record bind(R sectionDefaults, Setting value, String name) {
        @SuppressWarnings("unchecked")
        Class<R> type = (Class<R>) sectionDefaults.getClass();
        return RecordBinder.bind(type, sectionDefaults, value, name);
    }
}
