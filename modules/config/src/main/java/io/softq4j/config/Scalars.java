package io.softq4j.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One word of YAML to a value of the type wanted. Numbers are what Java and YAML 1.2 agree on, {@code 1e-4} included, which YAML 1.1 takes
 * for text.
 */
final class Scalars {

    private static final String NUMBER = "[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?";

    private Scalars() {
    }

    /** The value, or nothing if {@code scalar} cannot be one of {@code type}. */
    static Optional<Object> parse(Class<?> type, Setting.Scalar scalar) {
        String text = scalar.text();
        if (type == String.class) {
            return Optional.of(text);
        }
        if (scalar.isNull()) {
            return Optional.empty();
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants()).filter(c -> RecordText.name(c).equals(text)).map(Object.class::cast).findFirst();
        }
        try {
            if (type == Path.class) {
                return Optional.of(Path.of(text));
            }
            if (scalar.quoted()) {
                return Optional.empty();
            }
            if (type == boolean.class || type == Boolean.class) {
                return text.equals("true") ? Optional.of(true) : text.equals("false") ? Optional.of(false) : Optional.empty();
            }
            if (type == int.class || type == Integer.class) {
                return Optional.of(Integer.parseInt(text));
            }
            if (type == long.class || type == Long.class) {
                return Optional.of(Long.parseLong(text));
            }
            if (type == float.class || type == Float.class) {
                return Optional.of((float) number(text));
            }
            if (type == double.class || type == Double.class) {
                return Optional.of(number(text));
            }
        } catch (NumberFormatException | InvalidPathException e) {
            return Optional.empty();
        }
        throw new IllegalStateException("a configuration cannot hold a " + type.getName());
    }

    /** Where no type is wanted: true or false, an integer, a number, else text. */
    static Object guess(Setting.Scalar scalar) {
        for (Class<?> type : new Class<?>[] {Boolean.class, Integer.class, Long.class, Double.class}) {
            Optional<Object> value = parse(type, scalar);
            if (value.isPresent()) {
                return value.get();
            }
        }
        return scalar.text();
    }

    /** The type, for an error about a word that is not of it. */
    static String describe(Class<?> type, Setting.Scalar scalar) {
        return describe(type) + (!scalar.quoted() && scalar.text().matches(NUMBER) && describe(type).equals("a number")
                ? " of at most 1.8e308" : "");
    }

    /** The type, for an error. */
    static String describe(Class<?> type) {
        if (type.isEnum()) {
            return "one of " + Arrays.stream(type.getEnumConstants()).map(RecordText::name).collect(Collectors.joining(", "));
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == int.class || type == Integer.class) {
            return "an integer up to " + Integer.MAX_VALUE;
        }
        if (type == long.class || type == Long.class) {
            return "an integer";
        }
        return type == String.class ? "text" : type == Path.class ? "a path" : "a number";
    }

    private static double number(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case ".inf", "+.inf" -> Double.POSITIVE_INFINITY;
            case "-.inf" -> Double.NEGATIVE_INFINITY;
            case ".nan" -> Double.NaN;
            default -> {
                if (!text.matches(NUMBER)) {
                    throw new NumberFormatException(text);    // Java's 1f, 0x1p3 and Infinity are no YAML numbers
                }
                double number = Double.parseDouble(text);
                if (Double.isInfinite(number)) {
                    throw new NumberFormatException(text);    // it was not meant to be infinite
                }
                yield number;
            }
        };
    }
}
