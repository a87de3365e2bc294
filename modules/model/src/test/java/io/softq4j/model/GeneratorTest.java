package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GeneratorTest {

    private static final GenerationConfig GREEDY = new GenerationConfig(6, false, 1, 0, 1, 1, 3, 0);
    private static final int NEVER = 10;

    private static List<Completion> one(LanguageModel model, int[] prompt, GenerationConfig config, int eos) {
        try (Generator generator = new Generator(model, 16, eos, config.batchSize())) {
            return generator.generate(List.of(prompt), config, n -> { }).get(0);
        }
    }

    /** The cached decoder against the whole sequence run anew for each token, over prompts of different lengths that take turns in few rows. */
    @ParameterizedTest
    @EnumSource(Lowering.class)
    void greedyDecodingFollowsTheUncachedModel(Lowering lowering) {
        LanguageModel model = Models.tiny();
        List<int[]> prompts = List.of(new int[] {1}, new int[] {3, 1, 4, 1, 5, 9, 2}, new int[] {2, 2}, new int[] {8, 0, 6, 4}, new int[] {5, 5, 5});
        try (Generator generator = new Generator(model, 16, -1, 2, lowering)) {
            List<List<Completion>> seen = generator.generate(prompts, GREEDY, n -> { });
            for (int p = 0; p < prompts.size(); p++) {
                int[] ids = prompts.get(p);
                double entropy = 0;
                for (int k = 0; k < 6; k++) {
                    double[][] logits = Models.logits(model.graph(), ids, 0, 0);
                    float[] last = floats(logits[ids.length - 1]);
                    entropy += entropy(last) / 6;
                    ids = Arrays.copyOf(ids, ids.length + 1);
                    ids[ids.length - 1] = Sampler.greedy(last);
                }
                Completion completion = seen.get(p).get(0);
                assertArrayEquals(Arrays.copyOfRange(ids, prompts.get(p).length, ids.length), completion.ids(), "prompt " + p);
                assertEquals(entropy, completion.entropy(), 1e-4);
                assertFalse(completion.ended());
                assertEquals(6, completion.tokens());
            }
        }
    }

    @Test
    void stopsAtEosAndLeavesItOut() {
        LanguageModel model = Models.tiny();
        int[] free = one(model, new int[] {3, 1}, GREEDY, -1).get(0).ids();
        int eos = free[3];
        int first = 0;
        while (free[first] != eos) {
            first++;
        }
        Completion stopped = one(model, new int[] {3, 1}, GREEDY, eos).get(0);
        assertTrue(stopped.ended());
        assertArrayEquals(Arrays.copyOf(free, first), stopped.ids());
        assertEquals(first + 1, stopped.tokens());
    }

    @Test
    void samplesDependOnSeedPromptAndNumberAlone() {
        LanguageModel model = Models.tiny();
        GenerationConfig config = new GenerationConfig(5, true, 1.5, 0, 1, 4, 3, 9);
        List<Completion> a = one(model, new int[] {3, 1}, config, NEVER);
        List<Completion> again = one(model, new int[] {3, 1}, config, NEVER);
        List<Completion> otherBatch = one(model, new int[] {3, 1}, new GenerationConfig(5, true, 1.5, 0, 1, 4, 1, 9), NEVER);
        List<Completion> otherSeed = one(model, new int[] {3, 1}, config.sampling(1.5, 4, 10), NEVER);
        assertEquals(texts(a), texts(again));
        assertEquals(texts(a), texts(otherBatch));
        assertFalse(texts(a).equals(texts(otherSeed)));
        assertTrue(texts(a).stream().distinct().count() > 1, "samples of one prompt must differ");
    }

    private static List<String> texts(List<Completion> completions) {
        return completions.stream().map(c -> Arrays.toString(c.ids())).toList();
    }

    /** Chi-squared of the first sampled token against the model's own distribution; the 0.1 % quantile at 10 degrees of freedom is 29.6. */
    @Test
    void sampledFrequenciesAreTheModels() {
        LanguageModel model = Models.tiny();
        int n = 4000;
        double[] z = Models.logits(model.graph(), new int[] {3, 1}, 0, 0)[1];
        double[] counts = new double[11];
        for (Completion c : one(model, new int[] {3, 1}, new GenerationConfig(1, true, 0.8, 0, 1, n, 64, 3), -1)) {
            counts[c.ids()[0]]++;
        }
        double sum = Arrays.stream(z).map(x -> Math.exp(x / 0.8)).sum();
        double chi = 0;
        for (int k = 0; k < 11; k++) {
            double expected = n * Math.exp(z[k] / 0.8) / sum;
            chi += (counts[k] - expected) * (counts[k] - expected) / expected;
        }
        assertTrue(chi < 29.6, "chi-squared " + chi);
    }

    @Test
    void topKAndTopPKeepTheMostProbable() {
        LanguageModel model = Models.tiny();
        double[] z = Models.logits(model.graph(), new int[] {3, 1}, 0, 0)[1];
        List<Integer> order = new ArrayList<>(IntStream.range(0, 11).boxed().toList());
        order.sort((a, b) -> Double.compare(z[b], z[a]));
        assertEquals(Set.copyOf(order.subList(0, 2)), firsts(model, new GenerationConfig(1, true, 5, 2, 1, 200, 64, 3)));
        double sum = Arrays.stream(z).map(Math::exp).sum();
        double topTwo = (Math.exp(z[order.get(0)]) + Math.exp(z[order.get(1)])) / sum;
        assertEquals(Set.copyOf(order.subList(0, 2)), firsts(model, new GenerationConfig(1, true, 1, 0, topTwo - 1e-3, 400, 64, 3)));
        assertEquals(Set.of(order.get(0)), firsts(model, new GenerationConfig(1, true, 1, 1, 1, 50, 64, 3)));
    }

    private static Set<Integer> firsts(LanguageModel model, GenerationConfig config) {
        Set<Integer> seen = new HashSet<>();
        one(model, new int[] {3, 1}, config, -1).forEach(c -> seen.add(c.ids()[0]));
        return seen;
    }

    @Test
    void promptsWithoutRoomAreRefused() {
        LanguageModel model = Models.tiny();
        assertEquals("prompt 1 has 16 tokens, the context holds 16: shorten it, or use a model with a longer context",
                assertThrows(UserError.class, () -> one(model, new int[16], GREEDY, -1)).getMessage());
        assertEquals("prompt 1 is empty: it has no token to continue from",
                assertThrows(UserError.class, () -> one(model, new int[0], GREEDY, -1)).getMessage());
        assertEquals(1, one(model, new int[15], GREEDY, -1).get(0).tokens());
    }

    @Test
    void aLimitBeyondEveryContextIsTheContext() {
        GenerationConfig endless = new GenerationConfig(Integer.MAX_VALUE, false, 1, 0, 1, 1, 3, 0);
        assertEquals(16 - 2, one(Models.tiny(), new int[] {3, 1}, endless, -1).get(0).tokens());
    }

    @Test
    void aModelThatGivesNoNumbersIsAnError() {
        LanguageModel model = Models.tiny();
        model.graph().graph().getVariable("transformer.ln_f.bias").getArr().assign(Double.NaN);
        assertEquals("the model gives no numbers (NaN) after 2 tokens of prompt 1: its weights are damaged, most likely because the training "
                + "diverged. Use an earlier checkpoint, or train with a lower learning rate.",
                assertThrows(UserError.class, () -> one(model, new int[] {3, 1}, GREEDY, -1)).getMessage());
    }

    private static float[] floats(double[] row) {
        float[] f = new float[row.length];
        for (int i = 0; i < f.length; i++) {
            f[i] = (float) row[i];
        }
        return f;
    }

    /** Entropy of softmax(logits), in nats. */
    private static double entropy(float[] logits) {
        double max = logits[Sampler.greedy(logits)];
        double sum = 0;
        double weighted = 0;
        for (float z : logits) {
            double u = z - max;
            double e = Math.exp(u);
            sum += e;
            weighted += e * u;
        }
        return Math.log(sum) - weighted / sum;
    }
}
