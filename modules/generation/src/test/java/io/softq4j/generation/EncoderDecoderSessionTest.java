package io.softq4j.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.T5Checkpoint;
import io.softq4j.model.T5Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generation of T5 over caches, against the model run anew over each whole sequence. */
class EncoderDecoderSessionTest {

    private static final int START = 0;
    private static final int END = 1;
    private static final List<int[]> PROMPTS = List.of(new int[] {4}, new int[] {3, 1, 4, 1, 5, 9, 2}, new int[] {2, 2}, new int[0],
            new int[] {8, 0, 6, 4, 7, 10, 9, 9, 3, 5, 2, 8});

    @TempDir
    private Path directory;

    private static Stream<T5Checkpoint> checkpoints() {
        return T5Checkpoint.ALL.stream();
    }

    private LanguageModel load(T5Checkpoint checkpoint) throws IOException {
        checkpoint.write(directory);
        return LanguageModel.load(directory, Lowering.FUSED);
    }

    private static int[] append(int[] ids, int... more) {
        int[] longer = Arrays.copyOf(ids, ids.length + more.length);
        System.arraycopy(more, 0, longer, ids.length, more.length);
        return longer;
    }

    /** Log-probabilities [K + 1][V] of what follows each beginning of the decoder's K {@code ids}, by the graph of whole sequences. */
    private static double[][] logprobs(LanguageModel model, int[] prompt, int[] ids) {
        T5Rows rows = new T5Rows(T5Rows.Row.of(append(prompt, END)), T5Rows.Row.of(append(new int[] {START}, ids)));
        double[][] z = rows.logits(model.graph());
        for (double[] row : z) {
            double max = Arrays.stream(row).max().orElseThrow();
            double sum = max + Math.log(Arrays.stream(row).map(x -> Math.exp(x - max)).sum());
            Arrays.setAll(row, v -> row[v] - sum);
        }
        return z;
    }

    private static void assertLogprobs(double[][] expected, Completion seen) {
        for (int k = 0; k < seen.ids().length; k++) {
            double each = expected[k][seen.ids()[k]];
            assertEquals(each, seen.logprobs()[k], 1e-5 * Math.max(1, -each), "token " + k);
        }
    }

    /** Prompts of different lengths, an empty one too, that take turns in few rows. */
    @ParameterizedTest
    @MethodSource("checkpoints")
    void greedyDecodingFollowsTheUncachedModel(T5Checkpoint checkpoint) throws IOException {
        LanguageModel model = load(checkpoint);
        for (Lowering lowering : Lowering.values()) {
            try (Generator generator = new Generator(DecodingSession.of(model, 12, 2, lowering), Set.of(), Arrays::toString)) {
                List<List<Completion>> seen = generator.generate(PROMPTS, GenerationConfig.greedy(6), n -> { });
                for (int p = 0; p < PROMPTS.size(); p++) {
                    Completion completion = seen.get(p).get(0);
                    double[][] expected = logprobs(model, PROMPTS.get(p), completion.ids());
                    assertEquals(6, completion.ids().length);
                    for (int k = 0; k < 6; k++) {
                        double[] next = expected[k];
                        int best = IntStream.range(0, next.length).reduce((x, y) -> next[y] > next[x] ? y : x).orElseThrow();
                        assertEquals(best, completion.ids()[k], lowering + ", prompt " + p + ", token " + k);
                    }
                    assertLogprobs(expected, completion);
                }
            }
        }
    }

    /**
     * As published for T5: four beams, length penalty 0.6. The hypotheses move between rows, and their probabilities must move with them.
     */
    @ParameterizedTest
    @MethodSource("checkpoints")
    void eachHypothesisOfABeamSearchHasItsOwnProbability(T5Checkpoint checkpoint) throws IOException {
        LanguageModel model = load(checkpoint);
        GenerationConfig config = Settings.of(s -> s.numBeams(4).lengthPenalty(0.6).numReturnSequences(4).maxNewTokens(7));
        try (Generator generator = new Generator(model, 12, 8, Set.of(END), Arrays::toString)) {
            List<List<Completion>> seen = generator.generate(PROMPTS, config, n -> { });
            for (int p = 0; p < PROMPTS.size(); p++) {
                assertEquals(4, seen.get(p).size());
                for (Completion hypothesis : seen.get(p)) {
                    assertLogprobs(logprobs(model, PROMPTS.get(p), hypothesis.ids()), hypothesis);
                }
            }
        }
    }

    /** With as many beams as tokens a search of two tokens looks at all pairs. */
    @Test
    void aBeamSearchFindsTheMostProbableContinuation() throws IOException {
        LanguageModel model = load(T5Checkpoint.FLAN);
        int[] prompt = PROMPTS.get(1);
        GenerationConfig config = Settings.of(s -> s.numBeams(11).lengthPenalty(0.6).maxNewTokens(2));
        int[] best = {};
        double most = Double.NEGATIVE_INFINITY;
        for (int a = 0; a < 11; a++) {
            double[][] next = logprobs(model, prompt, new int[] {a});
            for (int b = 0; b < 11; b++) {
                if (next[0][a] + next[1][b] > most) {
                    most = next[0][a] + next[1][b];
                    best = new int[] {a, b};
                }
            }
        }
        try (Generator generator = new Generator(model, 12, 11, Set.of(), Arrays::toString)) {
            assertArrayEquals(best, generator.generate(List.of(prompt), config, n -> { }).get(0).get(0).ids());
        }
    }

    /** The encoder is broken once it has read the prompt: rows that are started later would show it. */
    @Test
    void aPromptIsEncodedOnceForAllItsRows() throws IOException {
        LanguageModel model = load(T5Checkpoint.T5);
        try (DecodingSession session = DecodingSession.of(model, 12, 3)) {
            float[] expected = logits(session, 0, PROMPTS.get(1));
            model.graph().graph().getVariable("encoder.final_layer_norm.weight").getArr().muli(-2);
            assertArrayEquals(expected, logits(session, 1, PROMPTS.get(1)), "another row");
            assertArrayEquals(expected, logits(session, 1, PROMPTS.get(1)), "the same row again");
            logits(session, 1, PROMPTS.get(2));
            assertArrayEquals(expected, logits(session, 2, PROMPTS.get(1)), "another row after another prompt");
            logits(session, 0, PROMPTS.get(2));
            logits(session, 2, PROMPTS.get(2));
            assertFalse(Arrays.equals(expected, logits(session, 0, PROMPTS.get(1))), "encoded anew where no row has it");
        }
    }

    private static float[] logits(DecodingSession session, int row, int[] prompt) {
        int[] ids = session.start(row, prompt);
        assertArrayEquals(new int[] {START}, ids);
        session.feed(row, ids[0]);
        session.step();
        float[] logits = new float[session.vocabulary()];
        session.logits(row, logits);
        return logits;
    }

    @Test
    void aPromptThatHasItsEndIsGivenNoOther() throws IOException {
        LanguageModel model = load(T5Checkpoint.T5);
        try (DecodingSession session = DecodingSession.of(model, 12, 2)) {
            assertArrayEquals(logits(session, 0, PROMPTS.get(1)), logits(session, 1, append(PROMPTS.get(1), END)));
        }
    }

    @Test
    void theCapacityIsThatOfTheLongerOfPromptAndContinuation() throws IOException {
        LanguageModel model = load(T5Checkpoint.T5);
        assertEquals(9, DecodingSession.capacity(model, 9, 5));
        assertEquals(7, DecodingSession.capacity(model, 5, 7));
    }

    @Test
    void capacitiesThatNoArrayHoldsAreRefused() throws IOException {
        LanguageModel model = load(T5Checkpoint.T5);
        assertEquals("there is no room for sequences of 2147483647 tokens: lower generation.max_new_tokens, or shorten the prompts",
                assertThrows(UserError.class, () -> DecodingSession.of(model, Integer.MAX_VALUE, 1)).getMessage());
        String message = assertThrows(UserError.class, () -> DecodingSession.of(model, Integer.MAX_VALUE - 1, 1)).getMessage();
        assertTrue(message.startsWith("the array of a layer's keys and values of the prompts for 1 sequences")
                && message.endsWith("Not even one fits: lower generation.max_new_tokens, or shorten the prompts."), message);
    }

    @Test
    void promptAndContinuationHaveTheCapacityEach() throws IOException {
        LanguageModel model = load(T5Checkpoint.T5);
        try (DecodingSession session = DecodingSession.of(model, 12, 1); Generator generator = new Generator(session, Set.of(),
                Arrays::toString)) {
            assertEquals(12, generator.generate(List.of(PROMPTS.get(4)), GenerationConfig.greedy(100), n -> { }).get(0).get(0).tokens());
            int[] longer = append(PROMPTS.get(4), 3);
            assertEquals("prompt 2 has 14 tokens, with the one that ends it; there is room for 13: shorten it",
                    assertThrows(UserError.class, () -> session.requireRoom("prompt 2", longer)).getMessage());
        }
    }
}
