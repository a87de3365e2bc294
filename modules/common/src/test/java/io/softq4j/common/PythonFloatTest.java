package io.softq4j.common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PythonFloatTest {

    /** {@code python/floats.py} made the file. */
    @Test
    void aFloatIsSpelledAsPythonDoes() throws IOException {
        try (InputStream golden = PythonFloatTest.class.getResourceAsStream("/python/floats.txt")) {
            new String(golden.readAllBytes(), StandardCharsets.US_ASCII).lines().forEach(line -> {
                double value = Double.longBitsToDouble(Long.parseUnsignedLong(line.substring(0, 16), 16));
                assertEquals(line.substring(17), PythonFloat.str(value));
            });
        }
    }

    @Test
    void aFloatOf32BitsIsSpelledByItsOwnFewestDigits() {
        float[] values = {0.1f, 3.14f, 16777216f, 1e10f, 2e-3f, 1e-45f, 3.4028235e38f, 0f, 1.0e23f, 33554432f};
        String[] spelled = {"0.1", "3.14", "16777216.0", "10000000000.0", "0.002", "1e-45", "3.4028235e+38", "0.0", "1e+23", "33554432.0"};
        for (int i = 0; i < values.length; i++) {
            assertEquals(spelled[i], PythonFloat.str(PythonFloat.widened(values[i])));
        }
        assertEquals("inf", PythonFloat.str(PythonFloat.widened(Float.POSITIVE_INFINITY)));
        assertEquals("-0.0", PythonFloat.str(PythonFloat.widened(-0f)));
    }
}
