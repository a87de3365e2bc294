package io.softq4j.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Continuations are independent draws: what a test of each one's own frequencies cannot see. */
class SampleStreamsTest {

    private static final int VOCABULARY = 64;
    private static final int LENGTH = 96;

    /** A model without memory: its logits are those of Zipf's law, whatever came before. */
    private static final class Memoryless extends TableSession {

        Memoryless(int rows) {
            super(1, LENGTH + 1, rows, 0);
        }

        static double probability(int token) {
            double sum = 0;
            for (int v = 0; v < VOCABULARY; v++) {
                sum += 1.0 / (v + 4);
            }
            return 1 / ((token + 4) * sum);
        }

        @Override
        public int vocabulary() {
            return VOCABULARY;
        }

        @Override
        public void step() {
            // knows what it says
        }

        @Override
        public void logits(int row, float[] into) {
            for (int v = 0; v < VOCABULARY; v++) {
                into[v] = (float) Math.log(probability(v));
            }
        }

        @Override
        public double logSumExp(int row) {
            return 0;
        }
    }

    private static List<int[]> samples(int prompts, int ofEach, int length, long seed) {
        GenerationConfig config = Settings.of(s -> s.doSample(true).maxNewTokens(length).numReturnSequences(ofEach).seed(seed));
        try (Generator generator = new Generator(new Memoryless(32), Set.of(), ids -> "")) {
            return generator.generate(Collections.nCopies(prompts, new int[] {0}), config, n -> { }).stream().flatMap(List::stream)
                    .map(Completion::ids).toList();
        }
    }

    /** Runs of 16 tokens: two draws of them agree with a probability below 1e-20. */
    @Test
    void noContinuationIsAnotherOneMovedByUpTo64Places() {
        List<int[]> all = new ArrayList<>(samples(3, 12, LENGTH, 1));
        for (long seed : new long[] {0, 2, 3, -1}) {
            all.addAll(samples(1, 6, LENGTH, seed));
        }
        Map<List<Integer>, Integer> owner = new HashMap<>();
        for (int k = 0; k < all.size(); k++) {
            List<Integer> ids = Arrays.stream(all.get(k)).boxed().toList();
            for (int at = 0; at + 16 <= LENGTH; at++) {
                Integer other = owner.putIfAbsent(ids.subList(at, at + 16), k);
                assertTrue(other == null || other == k, "continuations " + other + " and " + k);
            }
        }
        assertTrue(all.size() * (all.size() - 1) / 2 > 1000);
    }

    /**
     * Of M pairs of tokens, sum over pairs of 1 - (1 - p)^M are different; the standard deviation, below the root of that, is far less than
     * 3 %.
     */
    @Test
    void samplesOfOnePromptRepeatPairsOfTokensAsOftenAsTheoryHasIt() {
        int ofEach = 200;
        Set<Integer> pairs = new HashSet<>();
        for (int[] ids : samples(1, ofEach, 20, 7)) {
            for (int t = 1; t < ids.length; t++) {
                pairs.add(ids[t - 1] * VOCABULARY + ids[t]);
            }
        }
        double expected = 0;
        for (int a = 0; a < VOCABULARY; a++) {
            for (int b = 0; b < VOCABULARY; b++) {
                expected += 1 - Math.pow(1 - Memoryless.probability(a) * Memoryless.probability(b), ofEach * 19);
            }
        }
        assertEquals(expected, pairs.size(), 0.05 * expected);
    }

    /** 0.1 % of chi-squared with 63 degrees of freedom is above 103. */
    @Test
    void theFirstTokenOverSeedsIsDistributedAsTheModelSays() {
        for (int position : new int[] {0, 1, 5}) {
            double[] counts = new double[VOCABULARY];
            for (long seed = 1; seed <= 2000; seed++) {
                counts[samples(1, 1, 6, seed).get(0)[position]]++;
            }
            double chi = 0;
            for (int v = 0; v < VOCABULARY; v++) {
                double expected = 2000 * Memoryless.probability(v);
                chi += (counts[v] - expected) * (counts[v] - expected) / expected;
            }
            assertTrue(chi < 103, "chi-squared " + chi + " at position " + position);
        }
    }

    @Test
    void promptsThatAreEqualAreContinuedEachInItsOwnWay() {
        List<int[]> two = samples(2, 1, 20, 5);
        assertFalse(Arrays.equals(two.get(0), two.get(1)));
    }
}
