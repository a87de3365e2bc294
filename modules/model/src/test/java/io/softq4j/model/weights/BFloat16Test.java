package io.softq4j.model.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BFloat16Test {

    @Test
    void everyValueButANaNComesBackBitForBit() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = BFloat16.toFloat((short) bits);
            assertEquals(bits << 16, Float.floatToRawIntBits(value));
            if (!Float.isNaN(value)) {
                assertEquals((short) bits, BFloat16.fromFloat(value), Integer.toHexString(bits));
            }
        }
    }

    /** The neighbours below and above are exact as doubles, and so are the distances to them. */
    @Test
    void roundingGoesToTheNearestAndFromTheMiddleToTheEven() {
        Random random = new Random(7);
        for (int i = 0; i < 1_000_000; i++) {
            // every other one lies exactly in the middle
            int bits = i % 2 == 0 ? random.nextInt() : random.nextInt() & 0xffff0000 | 0x8000;
            float value = Float.intBitsToFloat(bits);
            if (Math.abs(value) < 0x1.fep127f) {
                int lower = bits >>> 16;
                double down = Math.abs((double) value - BFloat16.toFloat((short) lower));
                double up = Math.abs((double) value - BFloat16.toFloat((short) (lower + 1)));
                int expected = down < up || down == up && lower % 2 == 0 ? lower : lower + 1;
                assertEquals((short) expected, BFloat16.fromFloat(value), Integer.toHexString(bits));
            }
        }
    }

    @Test
    void beyondTheLargestValueComesInfinityAndANaNStaysOne() {
        assertEquals((short) 0x7f7f, BFloat16.fromFloat(Math.nextDown(0x1.ffp127f)));
        assertEquals((short) 0x7f80, BFloat16.fromFloat(0x1.ffp127f));
        assertEquals((short) 0xff80, BFloat16.fromFloat(-Float.MAX_VALUE));
        assertEquals((short) 0x7f80, BFloat16.fromFloat(Float.POSITIVE_INFINITY));
        for (int nan : new int[] {0x7f800001, 0x7fc00000, 0x7fffffff, 0xff800001, 0xffffffff}) {
            short bits = BFloat16.fromFloat(Float.intBitsToFloat(nan));
            assertTrue(Float.isNaN(BFloat16.toFloat(bits)), Integer.toHexString(nan));
            assertEquals(nan < 0, bits < 0);
        }
    }
}
