package io.softq4j.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.Models;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GeneratorTest {

    private static final GenerationConfig GREEDY = GenerationConfig.greedy(6);
    private static final List<int[]> PROMPTS =
            List.of(new int[] {1}, new int[] {3, 1, 4, 1, 5, 9, 2}, new int[] {2, 2}, new int[] {8, 0, 6, 4}, new int[] {5, 5, 5});

    private static String letters(int[] ids) {
        return Arrays.stream(ids).mapToObj(id -> String.valueOf((char) ('a' + id))).collect(Collectors.joining());
    }

    private static Generator generator(LanguageModel model, int rows, Integer... eos) {
        return new Generator(model, 16, rows, Set.of(eos), GeneratorTest::letters);
    }

    private static List<Completion> one(LanguageModel model, int[] prompt, GenerationConfig config, Integer... eos) {
        try (Generator generator = generator(model, config.rows(1), eos)) {
            return generator.generate(List.of(prompt), config, n -> { }).get(0);
        }
    }

    /**
     * The cached decoder against the whole sequence run anew for each token, over prompts of different lengths that take turns in few rows.
     */
    @ParameterizedTest
    @EnumSource(Lowering.class)
    void greedyDecodingFollowsTheUncachedModel(Lowering lowering) {
        LanguageModel model = Models.tiny();
        try (Generator generator = new Generator(DecodingSession.of(model, 16, 2, lowering), Set.of(), GeneratorTest::letters)) {
            List<List<Completion>> seen = generator.generate(PROMPTS, GREEDY, n -> { });
            for (int p = 0; p < PROMPTS.size(); p++) {
                int[] ids = PROMPTS.get(p);
                Completion completion = seen.get(p).get(0);
                double entropy = 0;
                for (int k = 0; k < 6; k++) {
                    double[] logprobs = logprobs(model, ids);
                    entropy -= Arrays.stream(logprobs).map(l -> Math.exp(l) * l).sum() / 6;
                    int best = 0;
                    for (int v = 1; v < logprobs.length; v++) {
                        best = logprobs[v] > logprobs[best] ? v : best;
                    }
                    assertEquals(logprobs[best], completion.logprobs()[k], 1e-5, "log-probability of token " + k);
                    ids = Arrays.copyOf(ids, ids.length + 1);
                    ids[ids.length - 1] = best;
                }
                int[] made = Arrays.copyOfRange(ids, PROMPTS.get(p).length, ids.length);
                assertArrayEquals(made, completion.ids(), "prompt " + p);
                assertEquals(letters(made), completion.text());
                assertEquals(entropy, completion.entropy(), 1e-5);
                assertEquals(FinishReason.LENGTH, completion.finishReason());
                assertFalse(completion.ended());
                assertEquals(6, completion.tokens());
            }
        }
    }

    /** Of the model itself, after {@code ids}. */
    private static double[] logprobs(LanguageModel model, int[] ids) {
        double[] z = Models.logits(model.graph(), ids, 0, 0)[ids.length - 1];
        double sum = Math.log(Arrays.stream(z).map(Math::exp).sum());
        return Arrays.stream(z).map(x -> x - sum).toArray();
    }

    @Test
    void stopsAtEachEosAndLeavesItOut() {
        LanguageModel model = Models.tiny();
        int[] free = one(model, new int[] {3, 1}, GREEDY).get(0).ids();
        int eos = free[3];
        int first = 0;
        while (free[first] != eos) {
            first++;
        }
        int never = 10;
        assertFalse(Arrays.stream(free).anyMatch(id -> id == never));
        Completion stopped = one(model, new int[] {3, 1}, GREEDY, never, eos).get(0);
        assertEquals(FinishReason.EOS, stopped.finishReason());
        assertEquals("stop", stopped.finishReason().key());
        assertTrue(stopped.ended());
        assertArrayEquals(Arrays.copyOf(free, first), stopped.ids());
        assertEquals(letters(stopped.ids()), stopped.text());
        assertEquals(first + 1, stopped.tokens());
    }

    @Test
    void stopsAtAStopStringAndCutsTheTextBeforeIt() {
        LanguageModel model = Models.tiny();
        Completion free = one(model, new int[] {3, 1}, GREEDY).get(0);
        String stop = free.text().substring(2, 4);
        int at = free.text().indexOf(stop);
        Completion stopped = one(model, new int[] {3, 1}, Settings.of(s -> s.stopStrings(List.of("never", stop)))).get(0);
        assertEquals(FinishReason.STOP_STRING, stopped.finishReason());
        assertEquals(free.text().substring(0, at), stopped.text());
        assertArrayEquals(Arrays.copyOf(free.ids(), at + 2), stopped.ids());
        assertArrayEquals(Arrays.copyOf(free.logprobs(), at + 2), stopped.logprobs());
    }

    @Test
    void greedyIsOneBeamAndIsTemperatureZero() {
        LanguageModel model = Models.tiny();
        GenerationConfig cold = Settings.of(s -> s.doSample(true).temperature(1e-9));
        for (int[] prompt : PROMPTS) {
            Completion greedy = one(model, prompt, GREEDY, 4).get(0);
            Completion sampled = one(model, prompt, cold, 4).get(0);
            assertArrayEquals(greedy.ids(), sampled.ids());
            assertArrayEquals(greedy.logprobs(), sampled.logprobs());
            try (DecodingSession session = DecodingSession.of(model, 16, 1)) {
                Decoding.Context context = new Decoding.Context(session, GREEDY, Set.of(4), GeneratorTest::letters);
                BeamDecoding beam = new BeamDecoding(context, new int[] {0}, 0, prompt);
                while (!beam.isDone()) {
                    beam.feed();
                    session.step();
                    beam.advance(new Candidates(session.vocabulary()));
                }
                Completion[] found = new Completion[1];
                beam.tell(n -> { }, found);
                assertArrayEquals(greedy.ids(), found[0].ids());
                assertEquals(greedy.finishReason(), found[0].finishReason());
                assertArrayEquals(greedy.logprobs(), found[0].logprobs(), 1e-6);
            }
        }
    }

    /** The products of another number of rows may round otherwise in the last bit; what is drawn is the same. */
    @Test
    void aContinuationDependsOnSeedPromptAndNumberAlone() {
        LanguageModel model = Models.tiny();
        GenerationConfig config = Settings.of(s -> s.doSample(true).temperature(1.5).topK(9).topP(0.95).minP(0.01).repetitionPenalty(1.1)
                .numReturnSequences(4).seed(9));
        List<Completion> expected = all(model, PROMPTS, config, 20);
        assertTrue(texts(expected).stream().distinct().count() > 10, "samples must differ: " + texts(expected));
        for (int rows : new int[] {1, 3, 7}) {
            List<Completion> seen = all(model, PROMPTS, config, rows);
            assertEquals(texts(expected), texts(seen), rows + " rows");
            for (int i = 0; i < seen.size(); i++) {
                assertArrayEquals(expected.get(i).logprobs(), seen.get(i).logprobs(), 1e-5, rows + " rows");
            }
        }
        assertEquals(texts(expected).subList(0, 8), texts(all(model, PROMPTS.subList(0, 2), config, 5)), "without the prompts behind");
        assertEquals(texts(expected), texts(all(model, PROMPTS, config.sampling(1.5, 4, 9), 20)));
        assertNotEquals(texts(expected), texts(all(model, PROMPTS, config.sampling(1.5, 4, 10), 20)));
    }

    private static List<Completion> all(LanguageModel model, List<int[]> prompts, GenerationConfig config, int rows) {
        try (Generator generator = generator(model, rows, 4)) {
            return generator.generate(prompts, config, n -> { }).stream().flatMap(List::stream).toList();
        }
    }

    private static List<String> texts(List<Completion> completions) {
        return completions.stream().map(c -> c.text() + " " + c.finishReason()).toList();
    }

    @Test
    void moreContinuationsDoNotChangeTheFirst() {
        LanguageModel model = Models.tiny();
        GenerationConfig config = Settings.of(s -> s.doSample(true).seed(3));
        assertEquals(texts(all(model, PROMPTS.subList(0, 1), config, 4)),
                texts(all(model, PROMPTS.subList(0, 1), config.sampling(1, 3, 3), 4)).subList(0, 1));
    }

    /** Chi-squared of the first sampled token against the model's own distribution; the 0.1 % quantile at 10 degrees of freedom is 29.6. */
    @Test
    void sampledFrequenciesAreTheModels() {
        LanguageModel model = Models.tiny();
        int n = 4000;
        double[] z = Models.logits(model.graph(), new int[] {3, 1}, 0, 0)[1];
        double[] counts = new double[11];
        GenerationConfig config = Settings.of(s -> s.maxNewTokens(1).doSample(true).temperature(0.8).numReturnSequences(n).batchSize(64)
                .seed(3));
        for (Completion c : one(model, new int[] {3, 1}, config)) {
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
    void theListenerIsToldEveryTokenPieceAndCompletion() {
        LanguageModel model = Models.tiny();
        GenerationConfig config = Settings.of(s -> s.doSample(true).numReturnSequences(2).stopStrings(List.of("fg", "abc")));
        Map<String, StringBuilder> pieces = new TreeMap<>();
        Map<String, Completion> finished = new TreeMap<>();
        List<Integer> counts = new ArrayList<>();
        List<List<Completion>> seen;
        try (Generator generator = generator(model, 3, 4)) {
            seen = generator.generate(PROMPTS, config, new GenerationListener() {
                @Override
                public void made(int tokens) {
                    counts.add(tokens);
                }

                @Override
                public void grown(int prompt, int sequence, String piece) {
                    assertFalse(piece.isEmpty());
                    assertFalse(finished.containsKey(prompt + "." + sequence));
                    pieces.computeIfAbsent(prompt + "." + sequence, key -> new StringBuilder()).append(piece);
                }

                @Override
                public void finished(int prompt, int sequence, Completion completion) {
                    assertEquals(null, finished.put(prompt + "." + sequence, completion));
                }
            });
        }
        int made = 0;
        for (int p = 0; p < PROMPTS.size(); p++) {
            for (int s = 0; s < 2; s++) {
                Completion completion = seen.get(p).get(s);
                assertEquals(completion, finished.get(p + "." + s));
                assertEquals(completion.text(), pieces.getOrDefault(p + "." + s, new StringBuilder()).toString());
                made += completion.tokens();
            }
        }
        assertEquals(made, counts.stream().mapToInt(n -> n).sum());
    }

    /** Whatever the rows: but for its last token, which each continuation reads to see what follows. */
    @Test
    void aPromptIsReadOnceForAllItsContinuations() {
        LanguageModel model = Models.tiny();
        GenerationConfig config = Settings.of(s -> s.doSample(true).numReturnSequences(4));
        int expected = 0;
        for (int[] prompt : PROMPTS) {
            expected += prompt.length - 1 + 4 * 6;
        }
        for (int rows : new int[] {1, 3, 8, 20}) {
            CountingSession session = new CountingSession(DecodingSession.of(model, 16, rows));
            try (Generator generator = new Generator(session, Set.of(), GeneratorTest::letters)) {
                generator.generate(PROMPTS, config, n -> { });
                assertEquals(expected, session.fed(), rows + " rows");
            }
        }
    }

    @Test
    void whatIsStoppedEndsWhereItIsAndNothingMoreBegins() {
        LanguageModel model = Models.tiny();
        int[] made = new int[1];
        List<Completion> stopped = new ArrayList<>();
        try (Generator generator = generator(model, 2, 16)) {
            List<List<Completion>> seen = generator.generate(PROMPTS, GREEDY, new GenerationListener() {
                @Override
                public void made(int tokens) {
                    made[0] += tokens;
                }

                @Override
                public void finished(int prompt, int sequence, Completion completion) {
                    stopped.add(completion);
                }

                @Override
                public boolean isStopped() {
                    return made[0] >= 3;
                }
            });
            assertEquals(2, stopped.size(), "the two rows");
            assertEquals(stopped, seen.stream().flatMap(List::stream).toList());
        }
        Completion whole = one(model, PROMPTS.get(0), GREEDY).get(0);
        assertEquals(FinishReason.STOPPED, stopped.get(0).finishReason());
        assertTrue(stopped.get(0).tokens() >= 1 && stopped.get(0).tokens() < whole.tokens());
        assertArrayEquals(Arrays.copyOf(whole.tokenIds(), stopped.get(0).tokens()), stopped.get(0).tokenIds());
        assertFalse(stopped.get(0).ended());
    }

    @Test
    void promptsWithoutRoomAreRefused() {
        LanguageModel model = Models.tiny();
        assertTrue(assertThrows(UserError.class, () -> one(model, new int[16], GREEDY)).getMessage()
                .startsWith("prompt 1 has 16 tokens, there is room for 16 "));
        assertEquals(1, one(model, new int[15], GREEDY).get(0).tokens());
    }

    @Test
    void aLimitBeyondEveryContextIsTheContext() {
        assertEquals(16 - 2, one(Models.tiny(), new int[] {3, 1}, GenerationConfig.greedy(Integer.MAX_VALUE)).get(0).tokens());
    }

    @Test
    void aModelThatGivesNoNumbersIsAnError() {
        LanguageModel model = Models.tiny();
        model.graph().graph().getVariable("transformer.ln_f.bias").getArr().assign(Double.NaN);
        assertEquals("the model gives no numbers (NaN) after 2 tokens of prompt 1: its weights are damaged, most likely because the "
                + "training "
                + "diverged. Use an earlier checkpoint, or train with a lower learning rate.",
                assertThrows(UserError.class, () -> one(model, new int[] {3, 1}, GREEDY)).getMessage());
    }
}
