package io.softq4j.config;

import io.softq4j.common.Form;
import io.softq4j.common.Items;
import io.softq4j.common.Key;
import io.softq4j.common.Keys;
import io.softq4j.common.OnlyIf;
import io.softq4j.common.Range;
import io.softq4j.common.Varies;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A key as documentation and schema have it.
 *
 * @param name         within its section, with a dot before each key of a record within the section
 * @param component    what it is a key of
 * @param defaultValue as YAML can hold it
 */
record ConfigKey(String name, RecordComponent component, Object defaultValue) {

    /** The keys of a section, those of records within it in their place. */
    static List<ConfigKey> of(Record defaults) {
        List<ConfigKey> keys = new ArrayList<>();
        add("", defaults, keys);
        return keys;
    }

    private static void add(String prefix, Record defaults, List<ConfigKey> keys) {
        for (RecordComponent component : defaults.getClass().getRecordComponents()) {
            String name = prefix + Keys.name(component);
            if (RecordText.value(defaults, component) instanceof Record within) {
                add(name + ".", within, keys);
            } else {
                keys.add(new ConfigKey(name, component, RecordText.plainValue(defaults, component)));
            }
        }
    }

    Optional<Range> range() {
        return Optional.ofNullable(component.getAnnotation(Range.class));
    }

    Optional<Form> form() {
        return Optional.ofNullable(component.getAnnotation(Form.class));
    }

    Optional<Items> items() {
        return Optional.ofNullable(component.getAnnotation(Items.class));
    }

    Optional<Varies> varies() {
        return Optional.ofNullable(component.getAnnotation(Varies.class));
    }

    Optional<OnlyIf> onlyIf() {
        return Optional.ofNullable(component.getAnnotation(OnlyIf.class));
    }

    /** What it means, in Markdown. */
    String meaning() {
        Key key = component.getAnnotation(Key.class);
        if (key == null) {
            throw new IllegalStateException(component.getDeclaringRecord().getName() + "." + component.getName()
                    + " needs a @Key that says what it means");
        }
        return key.value();
    }

    /** What it may be, in Markdown: by its type and range, then what its documentation adds. */
    String allowed() {
        String byType = range().map(range -> (component.getType() == List.class ? "each " : "")
                + Keys.words(range)).orElseGet(this::typeInWords);
        String further = component.getAnnotation(Key.class).allowed();
        return byType.isEmpty() ? further : further.isEmpty() ? byType : byType + "; " + further;
    }

    /** The default as it is written in a file. */
    String writtenDefault() {
        return component.getType().isEnum() ? String.valueOf(defaultValue) : FlowYaml.of(defaultValue);
    }

    private String typeInWords() {
        Class<?> type = component.getType();
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants()).map(constant -> Keys.name((Enum<?>) constant)).collect(Collectors.joining(", "));
        }
        if (type == boolean.class) {
            return "true, false";
        }
        if (type == int.class || type == long.class) {
            return "an integer";
        }
        return type.isPrimitive() ? "a number" : "";
    }
}
