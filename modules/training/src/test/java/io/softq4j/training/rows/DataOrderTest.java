package io.softq4j.training.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DataOrderTest {

    @Test
    void everySizeIsPermuted() {
        int[] sizes = IntStream.concat(IntStream.rangeClosed(1, 300), IntStream.of(1023, 1024, 1025, 4096, 65_537, 200_001)).toArray();
        for (int size : sizes) {
            Permutation permutation = new Permutation(size, 7, size);
            BitSet seen = new BitSet(size);
            for (int i = 0; i < size; i++) {
                seen.set(Math.toIntExact(permutation.at(i)));
            }
            assertEquals(size, seen.cardinality(), "size " + size);
            assertEquals(size, seen.length(), "size " + size);
        }
    }

    @Test
    void aHugeDatasetIsSeekableAtOnce() {
        Permutation permutation = new Permutation(1L << 40, 1, 0);
        assertEquals(1000, LongStream.range(0, 1000).map(i -> permutation.at((1L << 40) - 1 - i)).distinct().count());
    }

    /** Chi-squared over 100 cells, 99 degrees of freedom: 149 is exceeded by chance once in a thousand. */
    @Test
    void whereARowGoesIsUniformOverSeeds() {
        int[] cells = new int[100];
        for (int seed = 0; seed < 10_000; seed++) {
            cells[(int) new Permutation(100, seed, 0).at(3)]++;
        }
        double chiSquared = Arrays.stream(cells).mapToDouble(n -> (n - 100.0) * (n - 100.0) / 100).sum();
        assertTrue(chiSquared < 149, "chi-squared " + chiSquared);
    }

    @Test
    void eachEpochVisitsEachRowOnceAndItsLastStepTakesTheRest() {
        DataOrder order = new DataOrder(10, 4, 42);
        assertEquals(3, order.stepsPerEpoch());
        for (int epoch = 0; epoch < 5; epoch++) {
            long[] first = order.step(3 * epoch);
            long[] second = order.step(3 * epoch + 1);
            long[] third = order.step(3 * epoch + 2);
            assertEquals(2, third.length);
            long[] all = LongStream.concat(LongStream.concat(LongStream.of(first), LongStream.of(second)), LongStream.of(third)).sorted().toArray();
            assertArrayEquals(LongStream.range(0, 10).toArray(), all);
        }
    }

    @Test
    void epochsAndSeedsDifferAndTheSameOnesAgree() {
        DataOrder order = new DataOrder(1000, 1000, 42);
        assertFalse(Arrays.equals(order.step(0), order.step(1)));
        assertFalse(Arrays.equals(order.step(0), new DataOrder(1000, 1000, 43).step(0)));
        assertArrayEquals(order.step(7), new DataOrder(1000, 1000, 42).step(7));
    }

    /** Two orders agree at about one place, Poisson distributed; moved likewise. 14 or more places come once in 10^11. */
    @Test
    void noOrderIsThatOfAnotherSeedOrEpochMovedByUpTo64Places() {
        List<long[]> orders = new ArrayList<>();
        for (long seed = 0; seed < 10; seed++) {
            for (int epoch = 0; epoch < 5; epoch++) {
                orders.add(new DataOrder(256, 256, seed).step(epoch));
            }
        }
        for (int a = 0; a < orders.size(); a++) {
            for (int b = 0; b < a; b++) {
                for (int shift = -64; shift <= 64; shift++) {
                    int same = 0;
                    for (int i = Math.max(0, shift); i < Math.min(256, 256 + shift); i++) {
                        same += orders.get(a)[i] == orders.get(b)[i - shift] ? 1 : 0;
                    }
                    assertTrue(same < 14, same + " places of orders " + a + " and " + b + ", moved by " + shift);
                }
            }
        }
    }

    @Test
    void theRowAtAnIndexOfAnEpochDoesNotDependOnHowManyRowsAStepHas() {
        DataOrder ones = new DataOrder(60, 1, 42);
        for (int rowsPerStep : new int[] {2, 3, 20}) {
            DataOrder order = new DataOrder(60, rowsPerStep, 42);
            for (int index = 0; index < 180; index++) {
                assertEquals(ones.step(index)[0], order.step(index / rowsPerStep)[index % rowsPerStep]);
            }
        }
    }
}
