package io.softq4j.sweep;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softq4j.common.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** JSON as the journal needs it: maps in order, whole numbers as Long, others as Double. */
final class JournalValues {

    private static final ObjectMapper MAPPER = Json.strict().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();

    private JournalValues() {
    }

    static String write(Map<String, Object> value) {
        return Json.pretty(MAPPER, value);
    }

    /** @throws IOException when the file cannot be read or is not a JSON object */
    @SuppressWarnings("unchecked")
    static Map<String, Object> read(Path file) throws IOException {
        return MAPPER.readValue(Files.readAllBytes(file), LinkedHashMap.class);
    }

    /**
     * {@code value} as it will be after a trip through a JSON file, so that a fresh report and one read from the journal are equal. Non-finite
     * numbers, which JSON does not have, become null.
     *
     * @throws IllegalArgumentException when it cannot be written as JSON
     */
    static Map<String, Object> normalised(Map<String, Object> value) {
        try {
            @SuppressWarnings("unchecked")
            Map<String, Object> read = MAPPER.readValue(MAPPER.writeValueAsBytes(finite(value)), LinkedHashMap.class);
            return Collections.unmodifiableMap(read);
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
    }

    private static Object finite(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, element) -> copy.put(String.valueOf(key), finite(element)));
            return copy;
        }
        if (value instanceof Collection<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(finite(element)));
            return copy;
        }
        boolean real = value instanceof Double || value instanceof Float;
        return real && !Double.isFinite(((Number) value).doubleValue()) ? null : value;
    }

    /** One text for equal values: 0 and 0.0 are the same number, maps in any order are the same map. */
    static String canonical(Object value) {
        if (value instanceof Number number) {
            return new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
        }
        if (value instanceof Collection<?> list) {
            return list.stream().map(JournalValues::canonical).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return new TreeMap<>(map).entrySet().stream().map(e -> e.getKey() + ": " + canonical(e.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return String.valueOf(value);
    }
}
