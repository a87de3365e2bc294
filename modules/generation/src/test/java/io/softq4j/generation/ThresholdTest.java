package io.softq4j.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThresholdTest {

    private static final Random RANDOM = new Random(5);

    /** Some values several times, both zeros, infinities. */
    private static float[] scores(int count) {
        float[] scores = new float[count];
        for (int i = 0; i < count; i++) {
            scores[i] = switch (RANDOM.nextInt(8)) {
                case 0 -> RANDOM.nextInt(3);
                case 1 -> RANDOM.nextBoolean() ? 0f : -0f;
                case 2 -> -RANDOM.nextFloat() * 1e-30f;
                case 3 -> Float.NEGATIVE_INFINITY;
                default -> (float) (5 * RANDOM.nextGaussian());
            };
        }
        return scores;
    }

    @Test
    void theKthGreatestIsThatOfTheSortedScores() {
        for (int round = 0; round < 300; round++) {
            int count = 1 + RANDOM.nextInt(40);
            float[] scores = scores(count);
            float[] sorted = scores.clone();
            Arrays.sort(sorted);
            for (int k = 1; k <= count; k++) {
                Threshold seen = Threshold.reaching(k, scores, null, count);
                float expected = sorted[count - k] + 0f;
                assertEquals(expected, seen.score());
                assertEquals(IntStream.range(0, count).filter(i -> scores[i] > expected).count(), seen.above());
            }
        }
    }

    @Test
    void weightsAreSummedFromTheGreatestScoreDown() {
        for (int round = 0; round < 300; round++) {
            int count = 1 + RANDOM.nextInt(40);
            float[] scores = scores(count);
            double[] weights = RANDOM.ints(count, 0, 9).asDoubleStream().toArray(); // whole, so that sums are exact
            double target = RANDOM.nextInt((int) Arrays.stream(weights).sum() + 5);
            int[] order = IntStream.range(0, count).boxed().sorted(Comparator.comparing(i -> -(scores[i] + 0f))).mapToInt(i -> i).toArray();
            float expected = scores[order[count - 1]] + 0f;
            for (int i = 0, end; i < count; i = end) {
                end = i + 1;
                while (end < count && scores[order[end]] == scores[order[i]]) {
                    end++;
                }
                if (Arrays.stream(order, 0, end).mapToDouble(o -> weights[o]).sum() >= target) {
                    expected = scores[order[i]] + 0f;
                    break;
                }
            }
            assertEquals(expected, Threshold.reaching(target, scores, weights, count).score());
        }
    }

    /** As where rounding lets the sum fall short of its share. The two lowest scores differ in their last bits alone. */
    @Test
    void aTargetThatIsNeverReachedLeavesAll() {
        float[] scores = {5, -1, Math.nextDown(-1f)};
        assertEquals(Math.nextDown(-1f), Threshold.reaching(4, scores, new double[] {1, 1, 1}, 3).score());
    }
}
