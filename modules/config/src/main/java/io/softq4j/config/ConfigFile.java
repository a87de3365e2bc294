package io.softq4j.config;

import io.softq4j.common.OnlyIf;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** A configuration with nothing left open: one record a section. Made by {@link ConfigSchema#read}. */
public final class ConfigFile {

    /**
     * A key that was given a value which nothing reads.
     *
     * @param key  such as {@code training.sgd_momentum}
     * @param text a sentence that says so, with the value, where it was given, and why it is not read
     */
    public record Unread(String key, String text) {
    }

    private final Map<String, Record> defaults;
    private final Map<String, Record> sections;
    private final Map<String, Origin> stated;
    private final Set<String> open;

    /**
     * @param stated where the keys that have a value were given it, such as {@code training.seed}
     * @param open   sections of which only what was stated is written down
     */
    ConfigFile(Map<String, Record> defaults, Map<String, Record> sections, Map<String, Origin> stated, Set<String> open) {
        this.defaults = defaults;
        this.sections = sections;
        this.stated = Collections.unmodifiableMap(new LinkedHashMap<>(stated));
        this.open = Set.copyOf(open);
    }

    /** The value of each key of a section, as YAML has it, whether it was stated or not. */
    public Map<String, Object> values(String section) {
        return RecordText.plain(sections.get(section));
    }

    /** The keys of a section that were given a value, and where. */
    public Map<String, Origin> origins(String section) {
        Map<String, Origin> origins = new LinkedHashMap<>();
        stated.forEach((key, origin) -> {
            if (key.startsWith(section + ".")) {
                origins.put(key.substring(section.length() + 1), origin);
            }
        });
        return origins;
    }

    /** Whether file or assignments give the key, such as {@code training.seed}, or one below it, a value; if not it has its default. */
    public boolean states(String key) {
        return stated.keySet().stream().anyMatch(given -> given.equals(key) || given.startsWith(key + "."));
    }

    /** The section that {@code type} configures: its record, or an interface of it. */
    public <R> R section(Class<R> type) {
        return sections.values().stream().filter(type::isInstance).map(type::cast).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no section is a " + type.getName()));
    }

    /** The keys that file or assignments give a value. */
    public Set<String> stated() {
        return stated.keySet();
    }

    /** The keys of a section that an option or a program gives a value, and no file, such as {@code training.seed}. */
    public Set<String> assigned(String section) {
        Set<String> keys = new LinkedHashSet<>();
        stated.forEach((key, origin) -> {
            if (key.startsWith(section + ".") && origin.layer() == Origin.Layer.OPTION) {
                keys.add(key);
            }
        });
        return keys;
    }

    /**
     * The keys of some sections that were given a value of their own beside a value of another key with which nothing reads them, see
     * {@link OnlyIf}. A key that has its default says nothing, as where a whole configuration is written down.
     */
    public List<Unread> unread(String... names) {
        List<Unread> unread = new ArrayList<>();
        for (String section : names) {
            Map<String, Object> byDefault = new HashMap<>();
            ConfigKey.of(defaults.get(section)).forEach(key -> byDefault.put(key.name(), key.defaultValue()));
            Map<String, Object> values = new HashMap<>();
            ConfigKey.of(sections.get(section)).forEach(key -> values.put(key.name(), key.defaultValue()));
            for (ConfigKey key : ConfigKey.of(sections.get(section))) {
                Object value = values.get(key.name());
                if (key.onlyIf().isPresent() && !Objects.equals(value, byDefault.get(key.name()))) {
                    OnlyIf only = key.onlyIf().get();
                    String other = key.name().substring(0, key.name().lastIndexOf('.') + 1) + only.key();
                    Origin origin = stated.get(section + "." + key.name());
                    if (!only.is().equals(String.valueOf(values.get(other)))) {
                        unread.add(new Unread(section + "." + key.name(), section + "." + key.name() + " is " + value
                                + (origin == null ? "" : " (" + origin + ")") + " and has no effect: it is read if " + section + "." + other
                                + " is "
                                + only.is() + ", which is " + values.get(other)));
                    }
                }
            }
        }
        return unread;
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
        Map<String, Record> changed = new LinkedHashMap<>(sections);
        section(replacement.getClass());
        changed.replaceAll((name, record) -> record.getClass() == replacement.getClass() ? replacement : record);
        return new ConfigFile(defaults, changed, stated, open);
    }

    /** Section to key to value, defaults included but in an open section: what YAML and JSON can hold. */
    public Map<String, Object> values() {
        Map<String, Object> plain = new LinkedHashMap<>();
        sections.forEach((name, record) -> {
            Map<String, Object> values = RecordText.plain(record);
            if (open.contains(name)) {
                values.keySet().retainAll(origins(name).keySet());
            }
            plain.put(name, values);
        });
        return plain;
    }

    /** Every key with its value as YAML,
            defaults included; a comment beside each value names its origin. Reading it gives these values again. */
    public String originYaml() {
        Map<String, Object> all = new LinkedHashMap<>();
        sections.keySet().forEach(name -> all.put(name, values(name)));
        return OriginYaml.of(all, stated);
    }

    /** Every key with its value, defaults included but in an open section; reading it gives this configuration again. */
    public String effectiveYaml() {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(150);
        options.setSplitLines(false);
        options.setDereferenceAliases(true);
        return new Yaml(options).dump(values());
    }
}
