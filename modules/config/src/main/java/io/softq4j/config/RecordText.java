package io.softq4j.config;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A record as the configuration shows it: the names of its keys, and its values as what YAML can hold. */
final class RecordText {

    private RecordText() {
    }

    /** Component names in snake_case, in their order. */
    static List<String> keys(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents()).map(c -> snakeCase(c.getName())).toList();
    }

    static String snakeCase(String camel) {
        return camel.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    /** A closed choice as written in a configuration. */
    static String name(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
    }

    static Object value(Record owner, RecordComponent component) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    /** Maps, lists, text, numbers and booleans that {@link RecordBinder} reads back to an equal value. */
    static Map<String, Object> plain(Record record) {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            entries.put(snakeCase(component.getName()), plain(value(record, component)));
        }
        return entries;
    }

    private static Object plain(Object value) {
        if (value instanceof Record record) {
            return plain(record);
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(RecordText::plain).orElse(null);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(RecordText::plain).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> entries = new LinkedHashMap<>();
            map.forEach((key, item) -> entries.put(key.toString(), plain(item)));
            return entries;
        }
        if (value instanceof Enum<?>) {
            return name(value);
        }
        return value instanceof Path ? value.toString() : value;
    }
}
