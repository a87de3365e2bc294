package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Ops;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RopeScalingTest {

    private static final double[] PLAIN = Ops.rotaryFrequencies(500_000, 128);

    @Test
    void linearDividesPositionsAndDefaultLeavesThem() {
        assertArrayEquals(PLAIN, new RopeScaling.None().scaled(PLAIN));
        assertArrayEquals(Arrays.stream(PLAIN).map(f -> f / 4).toArray(), new RopeScaling.Linear(4).scaled(PLAIN), 1e-18);
    }

    /**
     * The settings of Llama 3.1: wavelengths below 2048 tokens stay, above 8192 they become 8 times as long, and nothing jumps in between.
     */
    @Test
    void llama3StretchesLongWavesAlone() {
        double[] scaled = new RopeScaling.Llama3(8, 1, 4, 8192).scaled(PLAIN);
        for (int i = 0; i < PLAIN.length; i++) {
            double wavelength = 2 * Math.PI / PLAIN[i];
            if (wavelength < 2048) {
                assertEquals(PLAIN[i], scaled[i]);
            } else if (wavelength > 8192) {
                assertEquals(PLAIN[i] / 8, scaled[i]);
            } else {
                assertTrue(scaled[i] > PLAIN[i] / 8 && scaled[i] < PLAIN[i], "frequency " + i);
            }
            assertTrue(i == 0 || scaled[i] < scaled[i - 1], "frequency " + i);
        }
        double middle = 2.5 * 2 * Math.PI / 8192; // half way from 1 to 4 turns
        assertEquals((middle + middle / 8) / 2, new RopeScaling.Llama3(8, 1, 4, 8192).scaled(new double[] {middle})[0], 1e-18);
    }
}
