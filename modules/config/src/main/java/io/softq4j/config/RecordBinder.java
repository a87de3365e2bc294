package io.softq4j.config;

import io.softq4j.common.Mistakes;
import io.softq4j.common.UserError;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@link Setting}s to a record, over the record's defaults. Keys are the component names in snake_case, closed choices the constants' names
 * in lower case.
 * Components may be int, long, float, double, boolean, String, Path, an enum, another record, a List, a Map from String, an Optional or
 * Object (any scalar or list).
 */
final class RecordBinder {

    private final KnownKeys known;
    private final Mistakes mistakes;

    /** @param mistakes told of every unknown key, value of the wrong type, and what a record's own validation refuses */
    RecordBinder(KnownKeys known, Mistakes mistakes) {
        this.known = known;
        this.mistakes = mistakes;
    }

    /**
     * The record {@code defaults} with what {@code settings} says; a key with a mistake has its default.
     *
     * @param path its place, such as {@code training}; mistakes name keys below it
     * @throws UserError for a mistake in a record that has no defaults
     */
    <R extends Record> R bind(Class<R> type, R defaults, Setting settings, String path) {
        if (!(settings instanceof Setting.Mapping mapping)) {
            if (settings instanceof Setting.Scalar scalar && scalar.isNull() && defaults != null) {
                return defaults;
            }
            UserError wrong = wrongType(settings, path, "a section with the keys " + String.join(", ", RecordText.keys(type)));
            if (defaults == null) {
                throw wrong;
            }
            mistakes.add(wrong.getMessage());
            return defaults;
        }
        List<String> keys = RecordText.keys(type);
        mapping.entries().forEach((key, value) -> {
            if (!keys.contains(key)) {
                mistakes.add(value.origin() + ": unknown key '" + path + "." + key + "'. " + known.meant(path + ".", key));
            }
        });
        Set<String> wrong = new TreeSet<>();
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            Object byDefault = defaults == null ? null : RecordText.value(defaults, components[i]);
            Setting setting = mapping.entries().get(keys.get(i));
            if (setting != null) {
                try {
                    values[i] = value(components[i].getGenericType(), byDefault, setting, path + "." + keys.get(i));
                } catch (UserError e) {
                    if (defaults == null) {
                        throw e;
                    }
                    mistakes.add(e.getMessage());
                    wrong.add(keys.get(i));
                    values[i] = byDefault;
                }
            } else if (defaults == null && components[i].getType().isPrimitive()) {
                throw new UserError(mapping.origin() + ": '" + path + "." + keys.get(i) + "' is missing");
            } else {
                values[i] = byDefault;
            }
        }
        return construct(type, defaults, values, mapping, path, wrong);
    }

    private Object value(Type type, Object byDefault, Setting read, String path) {
        Setting setting = type == String.class || type == Path.class ? asTyped(read) : read;
        if (type instanceof ParameterizedType generic) {
            return collection(generic, setting, path);
        }
        Class<?> wanted = (Class<?>) type;
        if (wanted.isRecord()) {
            return bindAny(wanted.asSubclass(Record.class), byDefault, setting, path);
        }
        if (wanted == Object.class) {
            return untyped(setting);
        }
        if (setting instanceof Setting.Scalar scalar) {
            if (scalar.isNull() && !wanted.isPrimitive()) {
                return null;
            }
            return Scalars.parse(wanted, scalar).orElseThrow(() -> wrongType(setting, path, Scalars.describe(wanted, scalar)));
        }
        throw wrongType(setting, path, Scalars.describe(wanted));
    }

    /** {@code --set data.prompt={question}} is a template and no mapping, {@code --set data.train=my #1.jsonl} a path and no comment. */
    private static Setting asTyped(Setting setting) {
        boolean quoted = setting instanceof Setting.Scalar scalar && (scalar.quoted() || scalar.isNull());
        return quoted || setting.origin().assigned().isEmpty() ? setting
                : new Setting.Scalar(setting.origin().assigned().get(), false, setting.origin());
    }

    private <R extends Record> R bindAny(Class<R> type, Object defaults, Setting setting, String path) {
        return bind(type, type.cast(defaults), setting, path);
    }

    private Object collection(ParameterizedType type, Setting setting, String path) {
        boolean empty = setting instanceof Setting.Scalar scalar && scalar.isNull();
        if (type.getRawType() == Optional.class) {
            return empty ? Optional.empty() : Optional.of(value(type.getActualTypeArguments()[0], null, setting, path));
        }
        if (type.getRawType() == List.class) {
            List<Object> items = new ArrayList<>();
            if (empty) {
                return List.of();
            }
            boolean texts = type.getActualTypeArguments()[0] == String.class;
            if (texts && (setting instanceof Setting.Scalar || setting instanceof Setting.Mapping && setting.origin().assigned()
                    .isPresent())) {
                // one file is a list of one, also where its name looks like YAML
                return Stream.ofNullable(value(String.class, null, setting, path)).toList();
            }
            if (!(setting instanceof Setting.Sequence sequence)) {
                throw wrongType(setting, path, "a list, such as [a, b]");
            }
            for (Setting item : sequence.items()) {
                String place = path + "[" + items.size() + "]";
                if (item instanceof Setting.Scalar scalar && scalar.isNull()) {
                    throw wrongType(item, place, "a value");
                }
                items.add(value(type.getActualTypeArguments()[0], null, item, place));
            }
            return List.copyOf(items);
        }
        if (type.getRawType() != Map.class) {
            throw new IllegalStateException(path + ": a configuration cannot hold a " + type);
        }
        if (!(setting instanceof Setting.Mapping mapping)) {
            throw wrongType(setting, path, "a section of key: value lines");
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        mapping.entries().forEach((key, value) -> {
            if (value instanceof Setting.Scalar scalar && scalar.isNull()) {
                throw wrongType(value, path + "." + key, "a value");
            }
            entries.put(key, value(type.getActualTypeArguments()[1], null, value, path + "." + key));
        });
        return Collections.unmodifiableMap(entries);
    }

    private static Object untyped(Setting setting) {
        if (setting instanceof Setting.Scalar scalar) {
            return scalar.isNull() ? null : Scalars.guess(scalar);
        }
        if (setting instanceof Setting.Sequence sequence) {
            return sequence.items().stream().map(RecordBinder::untyped).toList();
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        ((Setting.Mapping) setting).entries().forEach((key, value) -> entries.put(key, untyped(value)));
        return Collections.unmodifiableMap(entries);
    }

    private static UserError wrongType(Setting setting, String path, String expected) {
        return new UserError(setting.origin() + ": '" + path + "' is " + setting.seen() + ", expected " + expected);
    }

    /**
     * What the record's own validation refuses is a mistake, and the key that it speaks of is put back to its default, until the rest is
     * accepted.
     *
     * @param wrong keys that have been put back: what is said of them follows from that
     */
    private <R extends Record> R construct(Class<R> type, R defaults, Object[] values, Setting.Mapping mapping, String path,
            Set<String> wrong) {
        RecordComponent[] components = type.getRecordComponents();
        List<String> keys = RecordText.keys(type);
        while (true) {
            try {
                return constructor(type, components).newInstance(values);
            } catch (InvocationTargetException e) {
                String message = refusal(type, e.getCause());
                if (wrong.stream().noneMatch(key -> names(message, key))) {
                    Origin origin = named(mapping, message).map(key -> mapping.entries().get(key).origin()).orElse(mapping.origin());
                    String text = origin + ": " + (message.startsWith(path + ".") ? "" : path + ": ") + message;
                    if (defaults == null) {
                        throw new UserError(text, e.getCause());
                    }
                    mistakes.add(text);
                }
                Optional<String> back = mapping.entries().keySet().stream().filter(key -> keys.contains(key) && !wrong.contains(key))
                        .filter(key -> names(message, key)).findFirst();
                if (back.isEmpty()) {
                    return defaults;
                }
                wrong.add(back.get());
                values[keys.indexOf(back.get())] = RecordText.value(defaults, components[keys.indexOf(back.get())]);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot construct " + type.getName(), e);
            }
        }
    }

    private static <R extends Record> Constructor<R> constructor(Class<R> type, RecordComponent[] components) throws NoSuchMethodException {
        Constructor<R> canonical = type.getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType)
                .toArray(Class<?>[]::new));
        canonical.setAccessible(true);
        return canonical;
    }

    private static String refusal(Class<?> type, Throwable cause) {
        if (cause instanceof IllegalArgumentException || cause instanceof UserError || cause instanceof NullPointerException) {
            return String.valueOf(cause.getMessage());
        }
        throw new IllegalStateException("cannot construct " + type.getName(), cause);
    }

    /** The key that a validation message speaks of. */
    private static Optional<String> named(Setting.Mapping mapping, String message) {
        return mapping.entries().keySet().stream().filter(key -> names(message, key)).findFirst();
    }

    /** Whether a message speaks of a key, in snake_case or as the component is called. */
    private static boolean names(String message, String key) {
        return Pattern.compile("\\b(" + Pattern.quote(key) + "|" + Pattern.quote(camelCase(key)) + ")\\b").matcher(message).find();
    }

    private static String camelCase(String snake) {
        StringBuilder camel = new StringBuilder();
        for (String word : snake.split("_")) {
            camel.append(camel.isEmpty() || word.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return camel.toString();
    }
}
