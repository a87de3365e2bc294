package io.softq4j.training.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PackingTest {

    @Test
    void eachExampleGoesIntoTheRowWithTheLeastRoomThatHoldsIt() {
        // 8, 6 and 5 open rows with room 2, 4 and 5; 4 fills the second, 3 leaves room 2 in the third, the 2s fill the third and the first
        assertEquals(List.of(List.of(1L, 5L), List.of(0L, 6L), List.of(2L, 3L, 4L)), rows(Packing.of(new int[] {6, 8, 5, 3, 2, 2, 4}, 10)));
    }

    @Test
    void examplesOfTheSameLengthGoByIndex() {
        assertEquals(List.of(List.of(0L, 1L), List.of(2L, 3L), List.of(4L)), rows(Packing.of(new int[] {5, 5, 5, 5, 5}, 10)));
    }

    @Test
    void anExampleOfFullLengthHasARowOfItsOwnUnlessTheOtherHasNoPositions() {
        assertEquals(List.of(List.of(1L), List.of(2L, 0L, 3L)), rows(Packing.of(new int[] {0, 4, 4, 0}, 4)));
        assertEquals(List.of(List.of(0L, 1L)), rows(Packing.of(new int[] {0, 0}, 4)));
        assertEquals(0, Packing.of(new int[0], 4).rows());
    }

    @Test
    void aLengthThatNoRowHoldsIsRefused() {
        assertEquals("example 1 has 5 positions, a row has 4",
                assertThrows(IllegalArgumentException.class, () -> Packing.of(new int[] {4, 5}, 4)).getMessage());
        assertEquals("example 0 has -1 positions, a row has 4",
                assertThrows(IllegalArgumentException.class, () -> Packing.of(new int[] {-1}, 4)).getMessage());
    }

    @Test
    void everyExampleLiesInOneRowNoRowIsTooLongAndNoTwoCouldBeJoined() {
        for (Case c : cases()) {
            Packing packing = Packing.of(c.lengths, c.maxLength);
            long[] all = LongStream.range(0, packing.rows()).flatMap(row -> Arrays.stream(packing.examples(row))).sorted().toArray();
            assertArrayEquals(LongStream.range(0, c.lengths.length).toArray(), all, c.name());
            int[] used = used(packing, c.lengths);
            Arrays.sort(used);
            assertTrue(used[used.length - 1] <= c.maxLength, c.name());
            assertTrue(used.length == 1 || used[0] + used[1] > c.maxLength, c.name());
        }
    }

    /** The same algorithm as a scan over rows; which of two equally full rows is taken does not show in how full rows become. */
    @Test
    void rowsAreAsFullAsThoseOfBestFitByAScanOverRows() {
        for (Case c : cases()) {
            int[] used = used(Packing.of(c.lengths, c.maxLength), c.lengths);
            Arrays.sort(used);
            assertArrayEquals(decreasing(c, true).stream().mapToInt(i -> i).sorted().toArray(), used, c.name());
        }
    }

    /** For the lengths tried here; it is not so for all. */
    @Test
    void bestFitTakesNoMoreRowsThanFirstFit() {
        for (Case c : cases()) {
            assertTrue(Packing.of(c.lengths, c.maxLength).rows() <= decreasing(c, false).size(), c.name());
        }
    }

    @Test
    void rowsAreAtMostElevenNinthsOfALowerBound() {
        for (Case c : cases()) {
            long rows = Packing.of(c.lengths, c.maxLength).rows();
            long bound = lowerBound(c.lengths, c.maxLength);
            assertTrue(rows >= bound && rows <= 1.22 * bound + 1, c.name() + ": " + rows + " rows, at least " + bound);
        }
    }

    /** Full rows cut into random pieces: their number is the fewest possible. */
    @Test
    void fullRowsInPiecesArePackedIntoAtMostElevenNinthsAsMany() {
        Random random = new Random(8);
        for (int trial = 0; trial < 200; trial++) {
            int rows = 1 + random.nextInt(60);
            int maxLength = 20 + random.nextInt(500);
            List<Integer> pieces = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                int left = maxLength;
                while (left > 0) {
                    int piece = 1 + random.nextInt(left);
                    pieces.add(piece);
                    left -= piece;
                }
            }
            long seen = Packing.of(pieces.stream().mapToInt(i -> i).toArray(), maxLength).rows();
            assertTrue(seen <= 1.22 * rows + 1, rows + " rows became " + seen);
        }
    }

    @Test
    void aMillionExamplesTakeLessThanTwoSeconds() {
        Random random = new Random(9);
        int[] lengths = IntStream.generate(() -> (int) Math.min(4096, Math.exp(5 + random.nextGaussian()))).limit(1_000_000).toArray();
        assertTimeout(Duration.ofSeconds(2), () -> Packing.of(lengths, 4096));
    }

    private record Case(int maxLength, int[] lengths) {

        String name() {
            return lengths.length + " lengths, rows of " + maxLength + ": " + Arrays.toString(Arrays.copyOf(lengths, Math.min(20, lengths.length)));
        }
    }

    /** Rows of 2 to 5,000 positions: sets of rooms of one, two and three levels; lengths over all of a row, of its lower half, or of a few sizes. */
    private static List<Case> cases() {
        Random random = new Random(7);
        List<Case> cases = new ArrayList<>();
        for (int trial = 0; trial < 300; trial++) {
            int maxLength = trial % 3 == 0 ? 2 + random.nextInt(62) : trial % 3 == 1 ? 64 + random.nextInt(1000) : 4096 + random.nextInt(904);
            int longest = trial % 2 == 0 ? maxLength : Math.max(1, maxLength / 2);
            int grain = trial % 5 == 0 ? Math.max(1, longest / 6) : 1;
            int[] lengths = IntStream.generate(() -> (1 + random.nextInt(longest) + grain - 1) / grain * grain).map(l -> Math.min(l, longest))
                    .limit(1 + random.nextInt(400)).toArray();
            cases.add(new Case(maxLength, lengths));
        }
        return cases;
    }

    /** What rows hold when each length, longest first, goes into the fullest (best fit) or the first row that takes it. */
    private static List<Integer> decreasing(Case c, boolean best) {
        List<Integer> used = new ArrayList<>();
        for (int length : Arrays.stream(c.lengths).map(l -> -l).sorted().map(l -> -l).toArray()) {
            int row = -1;
            for (int i = 0; i < used.size(); i++) {
                if (used.get(i) + length <= c.maxLength && (row < 0 || best && used.get(i) > used.get(row))) {
                    row = i;
                }
            }
            if (row < 0) {
                used.add(length);
            } else {
                used.set(row, used.get(row) + length);
            }
        }
        return used;
    }

    /** Martello and Toth's L2: for each k, lengths above maxLength - k and above half are alone, and what the latter leave holds those from k on. */
    private static long lowerBound(int[] lengths, int maxLength) {
        long bound = 0;
        for (int k = 0; 2 * k <= maxLength; k++) {
            long alone = 0;
            long half = 0;
            long halfSum = 0;
            long smallSum = 0;
            for (int length : lengths) {
                if (length > maxLength - k) {
                    alone++;
                } else if (2 * length > maxLength) {
                    half++;
                    halfSum += length;
                } else if (length >= k) {
                    smallSum += length;
                }
            }
            long over = Math.max(0, smallSum - (half * maxLength - halfSum));
            bound = Math.max(bound, alone + half + (over + maxLength - 1) / maxLength);
        }
        return bound;
    }

    private static int[] used(Packing packing, int[] lengths) {
        return IntStream.range(0, (int) packing.rows()).map(row -> Arrays.stream(packing.examples(row)).mapToInt(e -> lengths[(int) e]).sum())
                .toArray();
    }

    private static List<List<Long>> rows(Packing packing) {
        return LongStream.range(0, packing.rows()).mapToObj(row -> Arrays.stream(packing.examples(row)).boxed().toList()).toList();
    }
}
