package io.softq4j.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Lowering;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.Models;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against every continuation there is, and against a beam search in float64 that is written down step by step over whole sequences. */
class BeamDecodingTest {

    private static final int EOS = 0;
    private static final int[] PROMPT = {3, 1};

    /** A hypothesis of the references. @param ids prompt and EOS included */
    private record Found(int[] ids, double sum, double score) {
    }

    private static List<Completion> search(DecodingSession session, GenerationConfig config, Set<Integer> eos) {
        try (Generator generator = new Generator(session, eos, Arrays::toString)) {
            return generator.generate(List.of(PROMPT), config, n -> { }).get(0);
        }
    }

    private static GenerationConfig beams(int beams, int tokens, double penalty, boolean early) {
        return Settings.of(s -> s.numBeams(beams).numReturnSequences(beams).maxNewTokens(tokens).lengthPenalty(penalty)
                .earlyStopping(early ? EarlyStopping.TRUE : EarlyStopping.FALSE));
    }

    private static void everyContinuation(TableSession table, int[] ids, double sum, int tokens, double penalty, List<Found> all) {
        int made = ids.length - PROMPT.length;
        if (made > 0 && (ids[ids.length - 1] == EOS || made == tokens)) {
            all.add(new Found(ids, sum, sum / Math.pow(made, penalty)));
            return;
        }
        double[] logprobs = table.logprobs(ids, ids.length);
        for (int v = 0; v < logprobs.length; v++) {
            everyContinuation(table, append(ids, v), sum + logprobs[v], tokens, penalty, all);
        }
    }

    private static int[] append(int[] ids, int id) {
        int[] longer = Arrays.copyOf(ids, ids.length + 1);
        longer[ids.length] = id;
        return longer;
    }

    @Test
    void aBeamAsWideAsAllContinuationsFindsTheBestOfThem() {
        for (long seed = 0; seed < 20; seed++) {
            double penalty = new double[] {1, 0.6, 0, -1, 2}[(int) seed % 5];
            TableSession table = new TableSession(4, 16, 120, seed);
            List<Found> all = new ArrayList<>();
            everyContinuation(table, PROMPT, 0, 4, penalty, all);
            all.sort(Comparator.comparingDouble(Found::score).reversed());
            List<Completion> seen = search(table, beams(120, 4, penalty, false), Set.of(EOS));
            for (int i = 0; i < 5; i++) {
                assertSame(all.get(i), seen.get(i), "seed " + seed + ", number " + i);
            }
        }
    }

    private static void assertSame(Found expected, Completion seen, String message) {
        int[] made = Arrays.copyOfRange(expected.ids(), PROMPT.length, expected.ids().length);
        boolean ended = made[made.length - 1] == EOS;
        assertArrayEquals(ended ? Arrays.copyOf(made, made.length - 1) : made, seen.ids(), message);
        assertEquals(ended ? FinishReason.EOS : FinishReason.LENGTH, seen.finishReason(), message);
        assertEquals(expected.sum(), seen.logprob(), 1e-5, message);
        assertEquals(made.length, seen.tokens(), message);
    }

    @Test
    void aNarrowBeamFollowsTheReferenceStepByStep() {
        int differs = 0;
        for (long seed = 0; seed < 200; seed++) {
            int width = 2 + (int) seed % 3;
            double penalty = new double[] {1, 0.6, 0, -1, 2}[(int) seed % 5];
            boolean early = seed % 2 == 0;
            TableSession table = new TableSession(7, 16, width, seed);
            List<Found> expected = reference(ids -> table.logprobs(ids, ids.length), width, 8, penalty, early);
            List<Completion> seen = search(table, beams(width, 8, penalty, early), Set.of(EOS));
            assertEquals(expected.size(), seen.size());
            for (int i = 0; i < expected.size(); i++) {
                assertSame(expected.get(i), seen.get(i), "seed " + seed + ", number " + i);
            }
            List<Found> other = reference(ids -> table.logprobs(ids, ids.length), width, 8, penalty, !early);
            differs += Arrays.equals(other.get(0).ids(), expected.get(0).ids()) ? 0 : 1;
        }
        assertTrue(differs > 10, "early_stopping decides in " + differs + " cases only");
    }

    /** Caches of the rows are moved, of both kinds of graphs. */
    @ParameterizedTest
    @EnumSource(Lowering.class)
    void theCachedModelFollowsTheReferenceOverTheUncachedModel(Lowering lowering) {
        LanguageModel model = Models.tiny();
        List<Found> expected = reference(ids -> logprobs(Models.logits(model.graph(), ids, 0, 0)[ids.length - 1]), 4, 9, 0.6, false);
        // two searches side by side in eight rows, and a third that comes when one is done
        try (Generator generator = new Generator(DecodingSession.of(model, 16, 8, lowering), Set.of(EOS), Arrays::toString)) {
            List<List<Completion>> seen = generator.generate(List.of(PROMPT, new int[] {5, 5, 5, 2}, PROMPT), beams(4, 9, 0.6, false),
                    n -> { });
            for (int i = 0; i < 4; i++) {
                assertSame(expected.get(i), seen.get(0).get(i), "number " + i);
                assertSame(expected.get(i), seen.get(2).get(i), "again, number " + i);
            }
        }
    }

    private static double[] logprobs(double[] z) {
        double sum = Math.log(Arrays.stream(z).map(Math::exp).sum());
        return Arrays.stream(z).map(x -> x - sum).toArray();
    }

    /** The search as Hugging Face documents it; whole sequences, no caches, everything sorted. */
    private static List<Found> reference(Function<int[], double[]> model, int width, int tokens, double penalty, boolean early) {
        List<Found> running = new ArrayList<>(List.of(new Found(PROMPT, 0, 0)));
        List<Found> finished = new ArrayList<>();
        for (int n = 1; !running.isEmpty(); n++) {
            List<Found> options = new ArrayList<>();
            for (Found beam : running) {
                double[] logprobs = model.apply(beam.ids());
                for (int v = 0; v < logprobs.length; v++) {
                    double sum = beam.sum() + logprobs[v];
                    options.add(new Found(append(beam.ids(), v), sum, sum / Math.pow(n, penalty)));
                }
            }
            options.sort(Comparator.comparingDouble(Found::sum).reversed());
            int made = n;
            options.subList(0, width).stream().filter(o -> o.ids()[o.ids().length - 1] == EOS || made == tokens).forEach(finished::add);
            finished.sort(Comparator.comparingDouble(Found::score).reversed());
            finished = new ArrayList<>(finished.subList(0, Math.min(width, finished.size())));
            running = n == tokens ? List.of() : options.stream().filter(o -> o.ids()[o.ids().length - 1] != EOS).limit(width).toList();
            if (!running.isEmpty() && finished.size() == width && (early || running.get(0).score() <= finished.get(width - 1).score())) {
                break;
            }
        }
        return finished;
    }

    @Test
    void tiesGoToTheBetterBeamThenToTheLowerId() {
        // with equal logits everywhere all continuations are alike: the least ids, in order
        DecodingSession equal = new TableSession(5, 16, 2, 1) {
            @Override
            public void logits(int row, float[] into) {
                Arrays.fill(into, 0);
            }

            @Override
            public double logSumExp(int row) {
                return Math.log(5);
            }
        };
        List<Completion> seen = search(equal, beams(2, 3, 1, false), Set.of());
        assertEquals("[0, 0, 0] [0, 0, 1]", seen.stream().map(c -> Arrays.toString(c.ids())).collect(Collectors.joining(" ")));
    }

    @Test
    void aStopStringEndsAHypothesisAsEosDoes() {
        TableSession table = new TableSession(7, 16, 3, 4);
        List<Completion> ended = search(table, beams(3, 8, 1, false), Set.of(2));
        GenerationConfig stopping = Settings.of(s -> s.numBeams(3).numReturnSequences(3).maxNewTokens(8).stopStrings(List.of("c")));
        List<Completion> stopped;
        try (Generator generator = new Generator(table, Set.of(), BeamDecodingTest::letters)) {
            stopped = generator.generate(List.of(PROMPT), stopping, n -> { }).get(0);
        }
        assertTrue(stopped.get(0).finishReason() == FinishReason.STOP_STRING, stopped.toString());
        for (int i = 0; i < 3; i++) {
            assertEquals(letters(ended.get(i).ids()), stopped.get(i).text());
            assertArrayEquals(ended.get(i).logprobs(), stopped.get(i).logprobs());
        }
    }

    private static String letters(int[] ids) {
        return Arrays.stream(ids).mapToObj(id -> String.valueOf((char) ('a' + id))).collect(Collectors.joining());
    }

    @Test
    void theRepetitionPenaltyIsOnLogProbabilities() {
        TableSession table = new TableSession(6, 16, 2, 8);
        GenerationConfig once = Settings.of(s -> s.numBeams(2).maxNewTokens(1).repetitionPenalty(3));
        double[] logprobs = table.logprobs(PROMPT, 2);
        logprobs[3] *= 3;
        logprobs[1] *= 3;
        int best = 0;
        for (int v = 1; v < 6; v++) {
            best = logprobs[v] > logprobs[best] ? v : best;
        }
        assertArrayEquals(new int[] {best}, search(table, once, Set.of()).get(0).ids());
    }

    @Test
    void fewerRowsThanBeamsAreRefused() {
        assertEquals("3 beams in 2 rows", assertThrows(IllegalArgumentException.class,
                () -> search(new TableSession(5, 16, 2, 1), beams(3, 2, 1, false), Set.of())).getMessage());
    }
}
