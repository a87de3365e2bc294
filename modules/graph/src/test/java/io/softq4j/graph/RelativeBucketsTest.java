package io.softq4j.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.graph.kernel.RelativeBuckets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RelativeBucketsTest {

    private static final RelativeBuckets ENCODER = new RelativeBuckets(32, true, 128);
    private static final RelativeBuckets DECODER = new RelativeBuckets(32, false, 128);

    /** Least distances of buckets 0 to 15: 8 2^(k/2) rounded up, as log(n/8)/log(128/8) 8 >= k means n >= 8 16^(k/8). */
    private static final int[] ENCODER_STARTS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91};

    /** Least distances of buckets 0 to 31: 16 8^(k/16) rounded up from the 17th on. */
    private static final int[] DECODER_STARTS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        16, 19, 21, 24, 27, 31, 35, 40, 46, 52, 59, 67, 77, 87, 99, 113};

    private static int bucket(int[] starts, int distance) {
        return (int) IntStream.of(starts).filter(start -> distance >= start).count() - 1;
    }

    @Test
    void nearDistancesHaveABucketEachAndFarOnesGrowLogarithmically() {
        for (int distance = 0; distance <= 1000; distance++) {
            assertEquals(bucket(DECODER_STARTS, distance), DECODER.of(-distance), "distance " + distance);
            assertEquals(bucket(ENCODER_STARTS, distance), ENCODER.of(-distance), "distance " + distance);
        }
    }

    @Test
    void keysAfterTheQueryHaveBucketsOfTheirOwnWhereTheyCanBeSeen() {
        for (int distance = 1; distance <= 1000; distance++) {
            assertEquals(16 + bucket(ENCODER_STARTS, distance), ENCODER.of(distance));
            assertEquals(0, DECODER.of(distance));
        }
        assertEquals(31, ENCODER.of(Integer.MAX_VALUE));
        assertEquals(15, ENCODER.of(Integer.MIN_VALUE));
        assertEquals(31, DECODER.of(Integer.MIN_VALUE));
    }

    /** Edges that are integers, where float32 must not fall short: distances exact (maxDistance / exact)^(k / growing). */
    @Test
    void aDistanceOnTheEdgeOfABucketIsInIt() {
        for (int k = 0; k < 8; k += 2) {
            int edge = 8 << k / 2;
            assertEquals(8 + k, ENCODER.of(-edge));
            assertEquals(7 + k, ENCODER.of(1 - edge));
        }
        RelativeBuckets powers = new RelativeBuckets(16, false, 8 << 8); // eight that grow, from 8 on, each twice as far
        for (int k = 0; k < 8; k++) {
            assertEquals(8 + k, powers.of(-(8 << k)));
            assertEquals(7 + k, powers.of(1 - (8 << k)));
        }
    }

    @Test
    void theTableOfOffsetsHasTheBucketOfEach() {
        int[] buckets = ENCODER.byOffset();
        assertEquals(257, buckets.length);
        assertArrayEquals(IntStream.rangeClosed(-128, 128).map(ENCODER::of).toArray(), buckets);
        assertEquals(buckets[0], ENCODER.of(-129));
        assertEquals(buckets[256], ENCODER.of(129));
    }

    @Test
    void bucketsThatCannotBeAreRefused() {
        assertEquals("buckets must be a positive multiple of 4, were 30",
                assertThrows(IllegalArgumentException.class, () -> new RelativeBuckets(30, true, 128)).getMessage());
        assertEquals("buckets must be a positive multiple of 2, were 0",
                assertThrows(IllegalArgumentException.class, () -> new RelativeBuckets(0, false, 128)).getMessage());
        assertEquals("maxDistance must exceed 16, the distances with a bucket of their own, was 16",
                assertThrows(IllegalArgumentException.class, () -> new RelativeBuckets(32, false, 16)).getMessage());
    }
}
