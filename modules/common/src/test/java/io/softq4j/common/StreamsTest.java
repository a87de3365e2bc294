package io.softq4j.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StreamsTest {

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final int LONGEST_SHIFT = 64;

    /** The first output of splitmix64 from the state 1234567, as published with the reference implementation (Vigna, splitmix64.c). */
    @Test
    void mixIsTheFinaliserOfSplitmix64() {
        assertEquals(6457827717110365317L, Streams.mix(1234567 + GOLDEN));
    }

    @Test
    void aStreamIsAFunctionOfItsPurposeAndItsIds() {
        assertEquals(Streams.of("sampling", 1, 2).nextLong(), Streams.of("sampling", 1, 2).nextLong());
        List<Long> seeds = new ArrayList<>();
        for (String purpose : List.of("", "a", "b", "ab", "ba", "a\0", "\0a")) {
            for (long[] ids : new long[][] {{}, {0}, {0, 0}, {1}, {1, 0}, {0, 1}, {-1}, {GOLDEN}, {'a'}, {'b', 0}, {Long.MIN_VALUE}}) {
                seeds.add(Streams.seed(purpose, ids));
            }
        }
        assertEquals(seeds.size(), Set.copyOf(seeds).size());
    }

    /** Ids that are neighbours, that differ by the generator's own increment, and that swap places. */
    @Test
    void noStreamIsAnotherOneMovedByUpTo64Places() {
        List<SplittableRandom> streams = new ArrayList<>();
        for (long k = 1; k <= 16; k++) {
            streams.add(Streams.of("test", k));
            streams.add(Streams.of("test", k * GOLDEN));
            streams.add(Streams.of("test", 7, k));
            streams.add(Streams.of("test", k, 70));
            streams.add(Streams.of("test", 7, k * GOLDEN));
            streams.add(Streams.of("test" + k));
        }
        List<List<Long>> numbers = streams.stream().map(stream -> stream.longs(2 * LONGEST_SHIFT).boxed().toList()).toList();
        int pairs = 0;
        for (int a = 0; a < numbers.size(); a++) {
            for (int b = 0; b < a; b++, pairs++) {
                Set<Long> seen = new HashSet<>(numbers.get(a));
                assertFalse(numbers.get(b).stream().anyMatch(seen::contains), "streams " + a + " and " + b);
            }
        }
        assertTrue(pairs > 1000, pairs + " pairs");
    }

    /** A change of one bit of one id changes each bit of the seed half of the time; 5 standard deviations of 4096 throws are 0.039. */
    @Test
    void everyBitOfEveryIdDecidesOverEveryBitOfTheSeed() {
        for (int id = 0; id < 3; id++) {
            for (int bit = 0; bit < 64; bit++) {
                int[] changed = new int[64];
                for (long n = 0; n < 4096; n++) {
                    long[] ids = {n, 2 * n, 3};
                    long seed = Streams.seed("test", ids);
                    ids[id] ^= 1L << bit;
                    long difference = seed ^ Streams.seed("test", ids);
                    for (int i = 0; i < 64; i++) {
                        changed[i] += (int) (difference >>> i & 1);
                    }
                }
                for (int i = 0; i < 64; i++) {
                    assertEquals(0.5, changed[i] / 4096.0, 0.045, "id " + id + ", bit " + bit + ", bit " + i + " of the seed");
                }
            }
        }
    }
}
