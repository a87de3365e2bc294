package io.softq4j.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BatchTest {

    private static Batch twoSegments(float td, float continues) {
        return new Batch(1, 4, new int[4], new int[] {0, 1, 0, 0}, new int[] {1, 1, 2, 0}, new int[4],
                new float[] {0, 1, 1, 0}, new float[] {0, td, 0, 0}, new float[] {1, continues, 1, 1});
    }

    @Test
    void arraysOfAnotherLengthAreRefused() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () ->
                new Batch(2, 2, new int[4], new int[3], new int[4], new int[4], new float[4], new float[4], new float[4]));
        assertEquals("positionIds has 3 elements, rows x length is 4", e.getMessage());
    }

    @Test
    void aResidualThatReachesAcrossASeamIsRefused() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> twoSegments(1, 1));
        assertEquals("row 0, position 1: tdMask and continues are 1, but the segment ends there and has no next value; "
                + "where a response is cut off tdMask must be 0", e.getMessage());
        assertEquals(new Counts(2, 1), twoSegments(1, 0).counts());
        assertEquals(new Counts(2, 0), twoSegments(0, 1).counts());
    }

    @Test
    void aResidualThatReachesBeyondItsRowIsRefused() {
        float[] ones = {1, 1};
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () ->
                new Batch(2, 1, new int[2], new int[2], new int[] {1, 1}, new int[2], ones, ones, new float[] {0, 1}));
        assertEquals("row 1, position 0", e.getMessage().substring(0, 17));
    }

    @Test
    void paddingIsNotCountedAsTokens() {
        assertEquals(3, twoSegments(0, 1).tokens());
    }
}
