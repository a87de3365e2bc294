package io.softq4j.sweep;

import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The values one configuration key may take in a sweep. */
public sealed interface Space {

    /** 1e-4, which YAML 1.1 (Jackson's) takes for a text because it has no dot; everyone else means a number. */
    Pattern DOTLESS = Pattern.compile("[-+]?[0-9]+[eE][-+]?[0-9]+");

    /** As in a configuration file: a list, or a map of min, max, scale. */
    Object toConfig();

    /** How a range is covered: evenly in the value, or evenly in its logarithm. */
    enum Scale { LINEAR, LOG }

    /** @param values scalars (number, text, true or false), all different */
    record Values(List<Object> values) implements Space {

        public Values {
            values = List.copyOf(values);
        }

        @Override
        public Object toConfig() {
            return values;
        }

        boolean contains(double number) {
            return values.stream().anyMatch(v -> v instanceof Number n && n.doubleValue() == number);
        }
    }

    /** Real numbers from {@code min} to {@code max}, both included. For whole numbers list the values. */
    record Range(double min, double max, Scale scale) implements Space {

        @Override
        public Object toConfig() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("min", min);
            map.put("max", max);
            map.put("scale", scale == Scale.LOG ? "log" : "linear");
            return map;
        }
    }

    /**
     * Reads the space of {@code key} from what a configuration file holds.
     *
     * @throws UserError naming the key, the value seen and the two forms allowed
     */
    static Space parse(String key, Object value) {
        String where = "sweep.parameters." + key;
        if (value instanceof Collection<?> list) {
            return values(where, list);
        }
        if (value instanceof Map<?, ?> map) {
            return range(where, map);
        }
        throw new UserError(where + " is " + value + "; it must be a list of values, as in [0, 0.1, 0.5], or a range, as in "
                + "{min: 1e-4, max: 1e-2, scale: log}.");
    }

    private static Space values(String where, Collection<?> list) {
        if (list.isEmpty()) {
            throw new UserError(where + " is an empty list; give at least one value, or remove the key.");
        }
        List<Object> values = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (Object element : list) {
            Object value = scalar(where, element);
            String text = JournalValues.canonical(value);
            if (seen.contains(text)) {
                throw new UserError(where + " holds " + text + " twice; each value is trained once per seed already. Remove one.");
            }
            seen.add(text);
            values.add(value);
        }
        return new Values(values);
    }

    /** Whole numbers as Long and others as Double, so that a value is the same object before and after a trip through JSON. */
    private static Object scalar(String where, Object value) {
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        Double real = real(value);
        if (real != null) {
            return real;
        }
        if (value instanceof String || value instanceof Boolean) {
            return value;
        }
        throw new UserError(where + " holds " + value + "; values must be finite numbers, texts, true or false. "
                + "To change several keys together, run one sweep per combination.");
    }

    private static Space range(String where, Map<?, ?> map) {
        TreeSet<String> unknown = new TreeSet<>();
        map.keySet().forEach(name -> unknown.add(String.valueOf(name)));
        unknown.removeAll(List.of("min", "max", "scale"));
        if (!unknown.isEmpty()) {
            throw new UserError(where + " has the unknown key '" + unknown.first() + "'; a range has min, max and scale (linear or log).");
        }
        double min = bound(where, "min", map.get("min"));
        double max = bound(where, "max", map.get("max"));
        Scale scale = scale(where, map.get("scale"));
        if (min >= max) {
            throw new UserError(where + " has min " + Labels.of(min) + " and max " + Labels.of(max) + "; min must be below max. For one value write ["
                    + Labels.of(min) + "].");
        }
        if (scale == Scale.LOG && min <= 0) {
            throw new UserError(where + " has scale log and min " + Labels.of(min) + "; a logarithm needs min above 0. "
                    + "Use a small positive min, or scale: linear.");
        }
        return new Range(min, max, scale);
    }

    private static double bound(String where, String name, Object value) {
        Double real = real(value);
        if (real != null) {
            return real;
        }
        throw new UserError(where + "." + name + " is " + (value == null ? "missing" : "'" + value + "'")
                + "; a range needs finite numbers min and max, as in {min: 1e-4, max: 1e-2, scale: log}.");
    }

    /** The finite number that {@code value} is or spells without a dot, or null. */
    private static Double real(Object value) {
        double real = value instanceof Number number ? number.doubleValue()
                : value instanceof String text && DOTLESS.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
        return Double.isFinite(real) ? real : null;
    }

    private static Scale scale(String where, Object value) {
        if (value == null || "linear".equals(value)) {
            return Scale.LINEAR;
        }
        if ("log".equals(value)) {
            return Scale.LOG;
        }
        throw new UserError(where + ".scale is '" + value + "'; it must be linear or log.");
    }
}
