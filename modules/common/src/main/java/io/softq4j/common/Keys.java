package io.softq4j.common;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The keys of a record of the configuration, one for each component,
         as {@link Key} and {@link Range} describe them. The record's compact constructor
 * checks its values with them, so that bounds are written once:
 *
 * <pre>
 * private static final Keys KEYS = Keys.of(TrainingConfig.class);
 *
 * public TrainingConfig {
 *     KEYS.check("learning_rate", learningRate);
 * </pre>
 */
public final class Keys {

    private final Class<? extends Record> type;
    private final Map<String, RecordComponent> components = new LinkedHashMap<>();

    private Keys(Class<? extends Record> type) {
        this.type = type;
        for (RecordComponent component : type.getRecordComponents()) {
            components.put(name(component), component);
        }
    }

    /** The keys of a record, in the order of its components. */
    public static Keys of(Class<? extends Record> type) {
        return new Keys(type);
    }

    /** The name of a component in a file: in snake_case. */
    public static String name(RecordComponent component) {
        return component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    /** A constant as it is written in a file: in lower case. */
    public static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** @throws UserError naming the key, the value and what is allowed, if the value is outside of the key's {@link Range} */
    public void check(String key, long value) {
        check(key, (double) value, "was " + value);
    }

    /** As {@link #check(String, long)}; numbers that are not finite are outside of every range. */
    public void check(String key, double value) {
        check(key, value, "was " + plain(value));
    }

    /**
     * Checks a list by the key's {@link Items}, and each of its values by the key's {@link Range} or {@link Form}.
     *
     * @throws UserError naming the key, what is wrong with the list and what is allowed
     */
    public void check(String key, List<?> values) {
        RecordComponent component = component(key);
        Items items = component.getAnnotation(Items.class);
        if (items != null) {
            check(component, items, values);
        }
        if (component.isAnnotationPresent(Range.class)) {
            values.forEach(value -> check(key, ((Number) value).doubleValue(), "one was " + plain(((Number) value).doubleValue())));
        } else if (component.isAnnotationPresent(Form.class)) {
            values.forEach(value -> check(key, (String) value));
        } else if (items == null) {
            throw new IllegalArgumentException(key + " of " + type.getName() + " has neither range, form nor items");
        }
    }

    private static void check(RecordComponent component, Items items, List<?> values) {
        String key = name(component);
        String note = note(component);
        if (values.size() < items.atLeast()) {
            throw new UserError(key + (values.isEmpty() ? " is empty; " : " has " + number(values.size()) + "; ") + "it must have at least "
                    + number(items.atLeast()) + note);
        }
        if (items.count().length > 0 && Arrays.stream(items.count()).noneMatch(count -> count == values.size())) {
            throw new UserError(key + " must have " + Arrays.stream(items.count()).mapToObj(Integer::toString)
                    .collect(Collectors.joining(" or "))
                    + " values" + note + ", was " + values);
        }
        Set<Object> seen = new HashSet<>();
        for (Object value : values) {
            if (items.distinct() && !seen.add(value)) {
                throw new UserError(key + " holds " + value + " twice; its values must all be different" + note);
            }
            if (value instanceof List<?> each && each.size() < items.eachAtLeast()) {
                throw new UserError(key + " must not hold an empty list" + note);
            }
        }
    }

    private static String number(int values) {
        return values + (values == 1 ? " value" : " values");
    }

    /** @throws UserError naming the key, the text and what is allowed, if the text is not of the key's {@link Form} */
    public void check(String key, String text) {
        RecordComponent component = component(key);
        if (!Pattern.matches(component.getAnnotation(Form.class).value(), text)) {
            throw new UserError(key + " must be of the allowed form" + note(component) + ", was '" + text + "'");
        }
    }

    private static String note(RecordComponent component) {
        String note = Optional.ofNullable(component.getAnnotation(Key.class)).map(Key::allowed).orElse("").replace("`", "");
        return note.isEmpty() ? "" : " (" + note + ")";
    }

    /** @throws UserError naming the key and its constants, if there is no value */
    public void check(String key, Enum<?> value) {
        Class<?> choice = component(key).getType();
        if (value == null) {
            throw new UserError(key + " must be one of "
                    + Arrays.stream(choice.getEnumConstants()).map(constant -> name((Enum<?>) constant))
                    .collect(Collectors.joining(", ")) + "; it has no value");
        }
    }

    private void check(String key, double value, String seen) {
        RecordComponent component = component(key);
        Range range = component.getAnnotation(Range.class);
        if (range == null) {
            throw new IllegalArgumentException(key + " of " + type.getName() + " has no range");
        }
        if (!contains(range, value)) {
            throw new UserError(key + " must be " + words(range) + note(component) + ", " + seen);
        }
    }

    private RecordComponent component(String key) {
        RecordComponent component = components.get(key);
        if (component == null) {
            throw new IllegalArgumentException(type.getName() + " has no key " + key);
        }
        return component;
    }

    /** Whether a number is finite and allowed. */
    static boolean contains(Range range, double value) {
        boolean within = value >= range.atLeast() && value > range.above() && value <= range.atMost() && value < range.below();
        return Double.isFinite(value) && within || Arrays.stream(range.or()).anyMatch(other -> other == value);
    }

    /** A range in words, such as "above 0 and at most 1". */
    public static String words(Range range) {
        List<String> bounds = new ArrayList<>();
        add(bounds, "at least ", range.atLeast());
        add(bounds, "above ", range.above());
        add(bounds, "at most ", range.atMost());
        add(bounds, "below ", range.below());
        String within = bounds.isEmpty() ? "a finite number" : String.join(" and ", bounds);
        return within + Arrays.stream(range.or()).mapToObj(other -> ", or " + plain(other)).collect(Collectors.joining());
    }

    private static void add(List<String> bounds, String word, double bound) {
        if (Double.isFinite(bound)) {
            bounds.add(word + plain(bound));
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value)
                : Double.isFinite(value) ? PythonFloat.str(value) : Double.toString(value);
    }
}
