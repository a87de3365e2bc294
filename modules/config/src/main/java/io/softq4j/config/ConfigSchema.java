package io.softq4j.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Mistakes;
import io.softq4j.common.UserError;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The sections a configuration may have, each a record of the module it configures with that record's defaults. Immutable.
 *
 * <p>Relative paths in a configuration are relative to the current directory, as they are on the command line.
 */
public final class ConfigSchema {

    private final Map<String, Record> defaults;
    private final Set<String> open;
    private final Setting.Mapping beneath;

    private ConfigSchema(Map<String, Record> defaults, Set<String> open, Setting.Mapping beneath) {
        this.defaults = defaults;
        this.open = open;
        this.beneath = beneath;
    }

    /** No sections yet. */
    public static ConfigSchema empty() {
        return new ConfigSchema(Map.of(), Set.of(), new Setting.Mapping(Map.of(), Origin.beneath("defaults")));
    }

    /** This schema with one more section, such as {@code section("training", TrainingConfig.defaults())}. */
    public ConfigSchema section(String name, Record sectionDefaults) {
        Map<String, Record> more = new LinkedHashMap<>(defaults);
        if (more.put(name, sectionDefaults) != null) {
            throw new IllegalArgumentException("section " + name + " is there already");
        }
        return new ConfigSchema(Collections.unmodifiableMap(more), open, beneath);
    }

    /** The same, but of a section whose defaults depend on the model it is used with: written down is only what was stated. */
    public ConfigSchema openSection(String name, Record sectionDefaults) {
        Set<String> more = new LinkedHashSet<>(open);
        more.add(name);
        return new ConfigSchema(defaults, more, beneath).section(name, sectionDefaults);
    }

    /** This schema with values for a section that lie over its defaults and beneath every file. @param where they are from */
    public ConfigSchema over(String section, ObjectNode values, String where) {
        Setting.Mapping own = new Setting.Mapping(Map.of(section, SettingReader.ofJson(values, Origin.beneath(where))),
                Origin.beneath(where));
        return new ConfigSchema(defaults, open, beneath.with(own));
    }

    /**
     * Reads a configuration: defaults, under the file, under the assignments in their order.
     *
     * @param file        YAML, or nothing for the defaults
     * @param assignments {@code section.key=value}, as given to {@code --set}
     * @throws UserError naming file and line, for YAML that does not parse, unknown keys, wrong types and values a record refuses: all of
     *                   them
     */
    public ConfigFile read(Optional<Path> file, List<String> assignments) {
        Mistakes mistakes = new Mistakes();
        ConfigFile config = read(file, assignments, mistakes);
        mistakes.refuse();
        return config;
    }

    /**
     * As {@link #read(Optional, List)}, but what is refused goes to {@code mistakes} and has its default, so that the rest can be checked
     * too.
     */
    public ConfigFile read(Optional<Path> file, List<String> assignments, Mistakes mistakes) {
        return read(Stream.concat(file.map(Statement::file).stream(), assignments.stream().map(Statement::assignment)).toList(), mistakes);
    }

    /** The same of whatever is said, each statement laid over those before it. */
    public ConfigFile read(List<Statement> statements, Mistakes mistakes) {
        WeightedLists weighted = WeightedLists.of(defaults);
        NamedLists named = NamedLists.of(defaults);
        Setting.Mapping[] settings = {beneath};
        statements.forEach(statement -> mistakes.check(() -> {
            Setting.Mapping later = statement.settings();
            settings[0] = weighted.over(named.beneath(settings[0], later), later);
        }));
        return bind(named.asTwoLists(weighted.asTwoLists(settings[0], mistakes), mistakes), mistakes);
    }

    /** What a file may have, as a JSON schema of draft 2020-12: names, types, bounds, choices, defaults and documentation. */
    public ObjectNode jsonSchema() {
        return JsonSchema.of(defaults);
    }

    /** The names of the sections, in their order. */
    public List<String> sections() {
        return List.copyOf(defaults.keySet());
    }

    /** The keys of a section as a table in Markdown: key, default, meaning and what is allowed. */
    public String markdownTable(String section) {
        StringBuilder table = new StringBuilder("| key | default | meaning | allowed |\n|---|---|---|---|\n");
        for (ConfigKey key : ConfigKey.of(defaults.get(section))) {
            table.append("| `").append(key.name()).append("` | `").append(key.writtenDefault().replace("|", "\\|")).append("` | ")
                    .append(key.meaning()).append(" | ").append(key.allowed()).append(" |\n");
        }
        return table.toString();
    }

    private ConfigFile bind(Setting.Mapping settings, Mistakes mistakes) {
        KnownKeys known = KnownKeys.of(defaults);
        settings.entries().forEach((name, value) -> {
            if (!defaults.containsKey(name)) {
                mistakes.add(value.origin() + ": unknown key '" + name + "'. " + known.meant("", name));
            }
        });
        RecordBinder binder = new RecordBinder(known, mistakes);
        Map<String, Record> sections = new LinkedHashMap<>();
        for (var section : defaults.entrySet()) {
            Setting value = settings.entries().get(section.getKey());
            sections.put(section.getKey(), value == null ? section.getValue() : bind(binder, section.getValue(), value, section.getKey()));
        }
        return new ConfigFile(defaults, Collections.unmodifiableMap(sections), settings.origins(), open);
    }

    private static <R extends Record> Record bind(RecordBinder binder, R sectionDefaults, Setting value, String name) {
        @SuppressWarnings("unchecked")
        Class<R> type = (Class<R>) sectionDefaults.getClass();
        return binder.bind(type, sectionDefaults, value, name);
    }
}
