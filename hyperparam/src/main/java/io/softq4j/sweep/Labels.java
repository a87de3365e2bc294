package io.softq4j.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Short names of values and settings, for directories, tables and plots. */
final class Labels {

    private static final int MAX_DIRECTORY = 120;

    private Labels() {
    }

    /** Numbers with six digits, plain between 1e-4 and 1e6, else as 3e-5; anything else as it is. */
    static String of(Object value) {
        if (!(value instanceof Double number)) {
            return String.valueOf(value);
        }
        if (number == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(number).round(new MathContext(6)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < 6) {
            return rounded.toPlainString();
        }
        return rounded.scaleByPowerOfTen(-exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
    }

    /** {@code lambda=0.1, learning_rate=3e-5}; {@code base} where nothing is varied. */
    static String setting(Map<String, Object> parameters) {
        return parameters.isEmpty() ? "base" : join(parameters, ", ");
    }

    /** {@code trial-003-lambda=0.1-seed=2}: stable, and unique by its number. */
    static String directory(int index, Map<String, Object> parameters, long seed) {
        String setting = parameters.isEmpty() ? "" : "-" + join(parameters, "-").replaceAll("[^A-Za-z0-9._+=-]", "_");
        String tail = "-seed=" + seed;
        String head = String.format(Locale.ROOT, "trial-%03d", index) + setting;
        return head.substring(0, Math.min(head.length(), MAX_DIRECTORY - tail.length())) + tail;
    }

    private static String join(Map<String, Object> parameters, String separator) {
        Map<String, String> names = names(parameters.keySet());
        return parameters.entrySet().stream().map(e -> names.get(e.getKey()) + "=" + of(e.getValue())).collect(Collectors.joining(separator));
    }

    /** The last part of each key, or the whole key where two share it. */
    private static Map<String, String> names(Set<String> keys) {
        Set<String> once = new TreeSet<>();
        Set<String> twice = new TreeSet<>();
        for (String key : keys) {
            String last = key.substring(key.lastIndexOf('.') + 1);
            if (!once.add(last)) {
                twice.add(last);
            }
        }
        Map<String, String> names = new LinkedHashMap<>();
        for (String key : keys) {
            String last = key.substring(key.lastIndexOf('.') + 1);
            names.put(key, twice.contains(last) ? key : last);
        }
        return names;
    }
}
