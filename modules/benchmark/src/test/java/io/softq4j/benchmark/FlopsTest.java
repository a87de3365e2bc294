package io.softq4j.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FlopsTest {

    @Test
    void weightsAreThoseOfTheLinearLayersAndTheTiedHead() {
        // a block of width 384: 384 x 1152 + 384 x 384 + 384 x 1536 + 1536 x 384 = 1,769,472; six of them; head 8192 x 384 = 3,145,728
        assertEquals(13_762_560, Flops.weights(ModelShape.SMALL));
        // twelve of 7,077,888 and 50257 x 768 = 38,597,376
        assertEquals(123_532_032, Flops.weights(ModelShape.GPT2));
    }

    @Test
    void aStepIsSixForEachWeightAndTwelveLtdOfAttention() {
        // 2048 tokens x (6 x 13,762,560 + 12 x 6 x 256 x 384 = 7,077,888)
        assertEquals(2048.0 * (82_575_360 + 7_077_888), Flops.step(ModelShape.SMALL));
    }

    @Test
    void fourTimesTheLengthAtEqualTokensIsFourTimesTheAttentionOnly() {
        double grown = Flops.step(ModelShape.SMALL.withBatch(2, 1024));
        assertEquals(2048.0 * (82_575_360 + 4 * 7_077_888), grown);
    }
}
