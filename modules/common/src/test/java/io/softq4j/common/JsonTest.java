package io.softq4j.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

    private static final JsonMapper BINDING = Json.strict().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /** Something to be read. */
    record Box(String name, int size, List<Box> inner) {
        Box {
            if (size < 0) {
                throw new IllegalArgumentException("size must be at least 0, was " + size);
            }
        }
    }

    private static String reason(String json) {
        return Json.reason(assertThrows(IOException.class, () -> Json.STRICT.readTree(json), json));
    }

    private static String mismatch(String json) {
        return Json.reason(assertThrows(IOException.class, () -> BINDING.readValue(json, Box.class), json));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"a\": NaN} | NaN is not a JSON number at line 1, column ",
        "{\"a\": -Infinity} | -Infinity is not a JSON number at line 1",
        "{\"a\": 1}{\"a\": 2} | it goes on after the end of the first value at line 1",
        "{\"a\": 1, \"a\": 2} | key 'a' appears twice at line 1",
        "{\"a\": 1 | it ends too early at line 1",
        "{\"a\": 1,} | unexpected character '}', expected a name in double quotes at line 1, column 9",
        "{\"a\": nul} | 'nul' is not a JSON value at line 1",
        "{\"a\": \"\\q\"} | \\q is not an escape at line 1",
        "{\"a\": 01} | a number is malformed at line 1",
        "{a: 1} | unexpected character 'a', expected a name in double quotes at line 1"})
    void whatIsWrongIsSaidInOurWords(String json, String expected) {
        assertTrue(reason(json).startsWith(expected), reason(json));
    }

    @Test
    void whatDoesNotFitIsSaidByItsKey() {
        assertEquals("key 'inner[0].colour' is unknown", beforePlace("{\"name\": \"a\", \"size\": 1, \"inner\": [{\"colour\": 1, "
                + "\"name\": \"b\", \"size\": 1, \"inner\": []}]}"));
        assertEquals("key 'size' is missing", beforePlace("{\"name\": \"a\", \"inner\": []}"));
        assertEquals("key 'size' is 'large', which is not allowed there", beforePlace("{\"name\": \"a\", \"size\": \"large\", "
                + "\"inner\": []}"));
        assertEquals("size must be at least 0, was -1", beforePlace("{\"name\": \"a\", \"size\": -1, \"inner\": []}"));
        assertEquals("key 'size': a value is missing or of another kind than expected",
                beforePlace("{\"name\": \"a\", \"size\": null, \"inner\": []}"));
        assertEquals("key 'inner': a value is missing or of another kind than expected",
                beforePlace("{\"name\": \"a\", \"size\": 1, \"inner\": 3}"));
    }

    private static String beforePlace(String json) {
        return mismatch(json).replaceFirst(" at line .*", "");
    }

    @Test
    void noNameOfTheParserReachesAReader() {
        String whole = "{\"name\": \"a\\u00e9\\n\", \"size\": 12.5e3, \"inner\": [{\"name\": null, \"size\": -1}, [true, false], {}]}";
        Random random = new Random(1);
        String letters = "{}[]:,\"\\'nNtfaI0e.-+ \n\u0000\u0007\u00ff";
        for (int i = 0; i < 5_000; i++) {
            StringBuilder damaged = new StringBuilder(whole);
            for (int k = random.nextInt(4); k >= 0; k--) {
                damaged.setCharAt(random.nextInt(damaged.length()), letters.charAt(random.nextInt(letters.length())));
            }
            String json = damaged.substring(0, random.nextInt(3) == 0 ? random.nextInt(damaged.length()) : damaged.length());
            assertClean(json);
        }
        assertClean("[".repeat(2000));
        assertClean("[1" + "0".repeat(2000) + "]");
        assertClean("1e99999999999");
    }

    private static void assertClean(String json) {
        for (JsonMapper mapper : List.of(Json.STRICT, Json.PYTHON, BINDING)) {
            try {
                mapper.readValue(json, (Class<?>) (mapper == BINDING ? Box.class : Object.class));
            } catch (JsonProcessingException e) {
                String reason = Json.reason(e);
                String lower = reason.toLowerCase(Locale.ROOT);
                assertFalse(lower.contains("jackson") || lower.contains("feature") || lower.contains("constraint")
                        || lower.contains("deserial")
                        || lower.contains("io.softq4j") || lower.contains("java.") || lower.contains("creator") || reason.contains("`"),
                        reason + "\nof " + json + "\nfrom " + e.getOriginalMessage());
            }
        }
    }

    @Test
    void whatPythonWritesIsReadAndWrittenAsItWas() throws JsonProcessingException {
        String json = "{\"a\":NaN,\"b\":-Infinity,\"c\":Infinity}";
        assertEquals(json, Json.PYTHON.writeValueAsString(Json.PYTHON.readTree(json)));
    }
}
