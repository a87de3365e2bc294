package io.softq4j.cli.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** A configuration with nothing left open: one record a section. Made by {@link ConfigSchema#read}. */
public final class ConfigFile {

    private final Map<String, Record> sections;
    private final Set<String> stated;

    /** @param stated the keys that were given a value, such as {@code training.seed} */
    ConfigFile(Map<String, Record> sections, Set<String> stated) {
        this.sections = sections;
        this.stated = Set.copyOf(stated);
    }

    /** Whether file or assignments give the key, such as {@code training.seed}, or one below it, a value; if not it has its default. */
    public boolean states(String key) {
        return stated.stream().anyMatch(given -> given.equals(key) || given.startsWith(key + "."));
    }

    /** The section that {@code type} configures. */
    public <R extends Record> R section(Class<R> type) {
        return sections.values().stream().filter(type::isInstance).map(type::cast).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no section is a " + type.getName()));
    }

    /** The keys that file or assignments give a value. */
    public Set<String> stated() {
        return stated;
    }

    /** The value of a key such as {@code training.seed}, as YAML can hold it; nothing where it is not set. */
    public Optional<Object> value(String key) {
        Object value = values();
        for (String part : key.split("\\.")) {
            value = value instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return Optional.ofNullable(value);
    }

    /** This configuration with another value of the section that {@code replacement} belongs to. */
    public ConfigFile with(Record replacement) {
        Map<String, Record> changed = new java.util.LinkedHashMap<>(sections);
        section(replacement.getClass());
        changed.replaceAll((name, record) -> record.getClass() == replacement.getClass() ? replacement : record);
        return new ConfigFile(changed, stated);
    }

    /** Section to key to value, defaults included: what YAML and JSON can hold. */
    public Map<String, Object> values() {
        Map<String, Object> plain = new java.util.LinkedHashMap<>();
        sections.forEach((name, record) -> plain.put(name, RecordText.plain(record)));
        return plain;
    }

    /** Every key with its value, defaults included; reading it gives this configuration again. */
    public String effectiveYaml() {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(150);
        options.setSplitLines(false);
        options.setDereferenceAliases(true);
        return new Yaml(options).dump(values());
    }
}
