package io.softq4j.config;

import io.softq4j.common.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A value on one line of YAML, as a person would write it; read back, it is the same value. */
final class FlowYaml {

    /** Words that are no text to some reader of YAML. */
    private static final Set<String> TAKEN = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private FlowYaml() {
    }

    /** @param value null, text, a number, true or false, or a list or map of them */
    static String of(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(FlowYaml::of).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream().map(entry -> of(entry.getKey()) + ": "
                    + of(entry.getValue())).collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof Double || value instanceof Float) {
            return number(((Number) value).doubleValue());
        }
        return value instanceof String text ? text(text) : String.valueOf(value);
    }

    private static String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e15) {
            return exact.toPlainString();
        }
        BigDecimal digits = exact.scaleByPowerOfTen(exact.scale() - exact.precision() + 1);
        return digits.stripTrailingZeros().toPlainString() + "e" + (exact.precision() - exact.scale() - 1);
    }

    private static String text(String text) {
        if (text.matches("[A-Za-z_/][A-Za-z0-9_./-]*") && !TAKEN.contains(text.toLowerCase(Locale.ROOT))) {
            return text;
        }
        return Json.line(text);
    }
}
