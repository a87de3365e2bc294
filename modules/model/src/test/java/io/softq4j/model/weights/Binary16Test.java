package io.softq4j.model.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class Binary16Test {

    /** IEEE 754-2019, section 3.4: (-1)^S 2^(E-15) (1 + T 2^-10), subnormal (-1)^S 2^-14 (T 2^-10). */
    @Test
    void everyFiniteValueIsThatOfTheDefinition() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            int exponent = bits >> 10 & 31;
            int fraction = bits & 1023;
            if (exponent < 31) {
                double magnitude = exponent == 0 ? Math.scalb(fraction / 1024.0, -14) : Math.scalb(1 + fraction / 1024.0, exponent - 15);
                float expected = (float) Math.copySign(magnitude, bits >= 1 << 15 ? -1 : 1);
                assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(Binary16.toFloat((short) bits)),
                        Integer.toHexString(bits));
            }
        }
    }

    @Test
    void infinitiesAndThePayloadOfANaNAreKept() {
        assertEquals(Float.POSITIVE_INFINITY, Binary16.toFloat((short) 0x7c00));
        assertEquals(Float.NEGATIVE_INFINITY, Binary16.toFloat((short) 0xfc00));
        for (int payload = 1; payload < 1024; payload++) {
            assertEquals(0xff800000 | payload << 13, Float.floatToRawIntBits(Binary16.toFloat((short) (0xfc00 | payload))));
        }
    }
}
