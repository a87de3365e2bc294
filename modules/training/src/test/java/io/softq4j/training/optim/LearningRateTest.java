package io.softq4j.training.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Expected values worked out by hand from the formulas of transformers.optimization. */
class LearningRateTest {

    @Test
    void theWarmUpRisesFromZeroToThePeak() {
        for (LrSchedulerType type : LrSchedulerType.values()) {
            LearningRate rate = new LearningRate(type, 1e-3, 4, 20);
            assertEquals(0, rate.at(0));
            assertEquals(0.25e-3, rate.at(1), 1e-18);
            assertEquals(0.75e-3, rate.at(3), 1e-18);
            assertEquals(1e-3, rate.at(4), 1e-18);
        }
    }

    @Test
    void constantStays() {
        assertEquals(2.0, new LearningRate(LrSchedulerType.CONSTANT, 2, 0, 10).at(0));
        assertEquals(2.0, new LearningRate(LrSchedulerType.CONSTANT, 2, 0, 10).at(9));
    }

    @Test
    void linearFallsToZeroAtTheEnd() {
        LearningRate rate = new LearningRate(LrSchedulerType.LINEAR, 1, 2, 10);
        assertEquals(0.5, rate.at(6), 1e-15);
        assertEquals(0.125, rate.at(9), 1e-15);
        assertEquals(0, rate.at(10));
        assertEquals(0, rate.at(11));
    }

    @Test
    void cosineIsHalfAtHalfTimeAndZeroAtTheEnd() {
        LearningRate rate = new LearningRate(LrSchedulerType.COSINE, 1, 2, 10);
        assertEquals(1, rate.at(2));
        assertEquals(0.8535533905932737, rate.at(4), 1e-15);
        assertEquals(0.5, rate.at(6), 1e-15);
        assertEquals(0, rate.at(10), 1e-15);
    }

    @Test
    void aWarmUpAsLongAsTheRunDividesByNothing() {
        assertEquals(1, new LearningRate(LrSchedulerType.COSINE, 1, 10, 10).at(10));
    }
}
