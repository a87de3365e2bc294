package io.softq4j.config;

import io.softq4j.common.Keys;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A record as the configuration shows it: the names of its keys, and its values as what YAML can hold. */
final class RecordText {

    private RecordText() {
    }

    /** Component names in snake_case, in their order. */
    static List<String> keys(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents()).map(Keys::name).toList();
    }

    /** A closed choice as written in a configuration. */
    static String name(Object constant) {
        return Keys.name((Enum<?>) constant);
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

    /** The value of a component as YAML can hold it. */
    static Object plainValue(Record owner, RecordComponent component) {
        return plain(value(owner, component));
    }

    /** Maps, lists, text, numbers and booleans that {@link RecordBinder} reads back to an equal value. */
    static Map<String, Object> plain(Record record) {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            entries.put(Keys.name(component), plain(value(record, component)));
        }
        return entries;
    }

    /** The same of a value of a component. */
    static Object plain(Object value) {
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
