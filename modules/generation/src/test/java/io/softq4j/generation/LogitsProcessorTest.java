package io.softq4j.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each processor, and the sampler behind them, against the definition in float64 with everything sorted. */
class LogitsProcessorTest {

    private static final int VOCABULARY = 12;
    private static final int[] SO_FAR = {4, 7, 4, 2};

    private static float[] logits(long seed) {
        Random random = new Random(seed);
        float[] z = new float[VOCABULARY];
        for (int v = 0; v < VOCABULARY; v++) {
            z[v] = (float) (2 * random.nextGaussian());
        }
        return z;
    }

    private static Candidates apply(GenerationConfig config, float[] logits) {
        Candidates candidates = new Candidates(logits.length);
        System.arraycopy(logits, 0, candidates.logits(), 0, logits.length);
        candidates.begin();
        LogitsProcessor.of(config, Set.of()).forEach(processor -> processor.apply(candidates, new Continuation(SO_FAR, 8)));
        return candidates;
    }

    /** Probabilities {@code [V]} of the next token, by the definitions of the papers in Hugging Face's order. */
    private static double[] reference(GenerationConfig config, float[] logits) {
        double[] z = new double[logits.length];
        for (int v = 0; v < z.length; v++) {
            int token = v;
            boolean seen = Arrays.stream(SO_FAR).anyMatch(id -> id == token);
            double penalised = logits[v] > 0 ? logits[v] / config.repetitionPenalty() : logits[v] * config.repetitionPenalty();
            z[v] = (seen ? penalised : logits[v]) / config.temperature();
        }
        List<Integer> order = IntStream.range(0, z.length).boxed().sorted(Comparator.comparingDouble(v -> -z[v])).toList();
        double[] p = softmax(z);
        if (config.topK() > 0) {
            order.stream().skip(config.topK()).forEach(v -> p[v] = 0);
        }
        rescale(p);
        double before = 0;
        for (int v : order) {
            double own = p[v];
            p[v] = before < config.topP() ? own : 0;
            before += own;
        }
        rescale(p);
        double most = Arrays.stream(p).max().orElseThrow();
        for (int v = 0; v < p.length; v++) {
            p[v] = p[v] < config.minP() * most ? 0 : p[v];
        }
        rescale(p);
        return p;
    }

    private static double[] softmax(double[] z) {
        double[] p = Arrays.stream(z).map(Math::exp).toArray();
        rescale(p);
        return p;
    }

    private static void rescale(double[] p) {
        double sum = Arrays.stream(p).sum();
        for (int v = 0; v < p.length; v++) {
            p[v] /= sum;
        }
    }

    static List<GenerationConfig> samplers() {
        return List.of(
                Settings.of(s -> s.doSample(true)),
                Settings.of(s -> s.doSample(true).temperature(0.6)),
                Settings.of(s -> s.doSample(true).topK(5)),
                Settings.of(s -> s.doSample(true).topP(0.8)),
                Settings.of(s -> s.doSample(true).minP(0.05)),
                Settings.of(s -> s.doSample(true).repetitionPenalty(1.8)),
                Settings.of(s -> s.doSample(true).temperature(1.4).topK(9).topP(0.95).minP(0.04).repetitionPenalty(1.3)));
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void probabilitiesAreThoseOfTheDefinition(GenerationConfig config) {
        for (long seed = 0; seed < 100; seed++) {
            float[] logits = logits(seed);
            double[] expected = reference(config, logits);
            Candidates candidates = apply(config, logits);
            double[] seen = new double[VOCABULARY];
            for (int i = 0; i < candidates.count(); i++) {
                seen[candidates.id(i)] = candidates.weights()[i] / candidates.total();
            }
            for (int v = 0; v < VOCABULARY; v++) {
                assertEquals(expected[v], seen[v], 1e-6, "seed " + seed + ", token " + v);
            }
        }
    }

    /** The 0.1 % quantiles of chi-squared at 1 to 11 degrees of freedom. */
    private static final double[] QUANTILES = {10.8, 13.8, 16.3, 18.5, 20.5, 22.5, 24.3, 26.1, 27.9, 29.6, 31.3};

    @ParameterizedTest
    @MethodSource("samplers")
    void drawsHaveThoseProbabilities(GenerationConfig config) {
        float[] logits = logits(1);
        double[] expected = reference(config, logits);
        Candidates candidates = apply(config, logits);
        SplittableRandom random = new SplittableRandom(17);
        int n = 100_000;
        double[] counts = new double[VOCABULARY];
        for (int i = 0; i < n; i++) {
            counts[config.sampler().next(candidates, random)]++;
        }
        double chi = 0;
        int freedom = -1;
        for (int v = 0; v < VOCABULARY; v++) {
            if (expected[v] == 0) {
                assertEquals(0, counts[v], "token " + v);
            } else {
                chi += (counts[v] - n * expected[v]) * (counts[v] - n * expected[v]) / (n * expected[v]);
                freedom++;
            }
        }
        assertTrue(chi < QUANTILES[freedom - 1], "chi-squared " + chi + " at " + freedom + " degrees of freedom");
    }

    @Test
    void topKKeepsTheTokensThatTieWithTheLast() {
        assertEquals(3, apply(Settings.of(s -> s.doSample(true).topK(2)), new float[] {1, 0, 1, 2}).count());
    }

    @Test
    void topPKeepsTheLowestIdsOfThoseThatTie() {
        Candidates candidates = apply(Settings.of(s -> s.doSample(true).topP(0.5)), new float[] {0, 0, 0, 0, 0, 0, 0, 0});
        assertEquals(4, candidates.count());
        assertEquals(3, candidates.id(3));
    }

    @Test
    void aTemperatureNearZeroLeavesOnlyTheBest() {
        for (double temperature : new double[] {1e-3, 1e-30, Double.MIN_VALUE}) {
            GenerationConfig config = Settings.of(s -> s.doSample(true).temperature(temperature));
            float[] logits = logits(3);
            Candidates cold = apply(config, logits);
            int best = new Sampler.Greedy().next(apply(GenerationConfig.greedy(1), logits), null);
            for (int i = 0; i < 100; i++) {
                assertEquals(best, config.sampler().next(cold, new SplittableRandom(i)));
            }
        }
    }

    @Test
    void greedyTakesTheLowestIdOfTheBestAndHeedsThePenalty() {
        float[] logits = {1, 1.5f, 3, 1, 3};
        assertEquals(2, new Sampler.Greedy().next(apply(GenerationConfig.greedy(1), logits), null));
        assertEquals(1, new Sampler.Greedy()
                .next(apply(Settings.of(s -> s.repetitionPenalty(2.5)), new float[] {1, 1.5f, 3, 1, 3, 0, 0, 0}), null));
    }
}
