package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.Port;
import io.softq4j.model.T5Rows.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class T5Test {

    private static final Row SOURCE = Row.of(3, 1, 4, 1, 5, 9, 2, 6, 10, 0, 7, 8, 2);
    private static final Row IDS = Row.of(0, 8, 2, 5, 5, 1, 7, 3, 9, 4);
    private static final T5Rows ROWS = new T5Rows(SOURCE, IDS);

    @TempDir
    private Path directory;

    private static Stream<T5Checkpoint> checkpoints() {
        return T5Checkpoint.ALL.stream();
    }

    private LanguageModel load(T5Checkpoint checkpoint) throws IOException {
        checkpoint.write(directory);
        return LanguageModel.load(directory, Lowering.FUSED);
    }

    /** The graph in standard ops and double. */
    private ModelGraph exact(T5Checkpoint checkpoint) throws IOException {
        checkpoint.write(directory);
        Map<String, double[]> weights = checkpoint.exactWeights();
        Weights given = (graph, name, mean, deviation, shape) -> graph.var(name, Nd4j.createFromArray(weights.get(name)).reshape(shape));
        return new T5((T5Config) ModelConfig.read(directory), given, Lowering.STANDARD, DataType.DOUBLE).sequences();
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void logitsEqualTheReferenceForward(T5Checkpoint checkpoint) throws IOException {
        double[][] expected = new T5Reference(checkpoint, checkpoint.exactWeights()).logits(SOURCE.ids(), IDS.ids());
        double greatest = greatest(expected);
        Gpt2Test.assertClose(expected, ROWS.logits(exact(checkpoint)), 1e-12 * greatest);
        LanguageModel model = load(checkpoint);
        assertTrue(model.graph().readsSource());
        Gpt2Test.assertClose(expected, ROWS.logits(model.graph()), 1e-5 * greatest);
        Gpt2Test.assertClose(expected, ROWS.logits(model.standardGraph()), 1e-5 * greatest);
    }

    /** ND4J's {@code expandDims} takes an array of shape [1, 1] for a scalar. */
    @Test
    void rowsOfOneTokenAreComputedInStandardOpsToo() throws IOException {
        LanguageModel model = load(T5Checkpoint.T5);
        for (int[] lengths : new int[][] {{1, 1}, {1, 2}, {2, 1}, {5, 1}, {1, 5}}) {
            T5Rows rows = new T5Rows(Row.of(Arrays.copyOf(SOURCE.ids(), lengths[0])), Row.of(Arrays.copyOf(IDS.ids(), lengths[1])));
            double[][] expected = rows.logits(model.graph());
            Gpt2Test.assertClose(expected, rows.logits(model.standardGraph()), 1e-5 * greatest(expected));
        }
    }

    private static double greatest(double[][] logits) {
        return Arrays.stream(logits).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElseThrow();
    }

    @Test
    void aGraphWithoutEncoderReadsNoSourceAndHasNoneToOffer() {
        LanguageModel causal = Models.tiny();
        assertFalse(causal.graph().readsSource());
        assertThrows(UnsupportedOperationException.class, () -> causal.encoder(Lowering.FUSED));
        assertTrue(causal.decoder(Lowering.FUSED).sources().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void parametersAreCountedAsTheFileHasThem(T5Checkpoint checkpoint) throws IOException {
        LanguageModel model = load(checkpoint);
        long stored = checkpoint.weights().values().stream().mapToLong(values -> values.length).sum();
        assertEquals(stored, model.config().parameters());
        assertEquals(stored, model.parameterCount());
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void paddingOnEitherSideOfSourceOrDecoderChangesNothing(T5Checkpoint checkpoint) throws IOException {
        LanguageModel model = load(checkpoint);
        double[][] plain = ROWS.logits(model.graph());
        for (int[] pad : new int[][] {{0, 5}, {4, 0}, {2, 3}}) {
            Row source = SOURCE.padded(pad[0], pad[1]);
            Gpt2Test.assertClose(plain, new T5Rows(source, IDS).logits(model.graph()), 1e-5);
            double[][] both = new T5Rows(source, IDS.padded(pad[0], pad[1])).logits(model.graph());
            Gpt2Test.assertClose(plain, Arrays.copyOfRange(both, pad[0], pad[0] + plain.length), 1e-5);
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void packedSequencesReadTheirOwnSourcesOnly(T5Checkpoint checkpoint) throws IOException {
        LanguageModel model = load(checkpoint);
        T5Rows other = new T5Rows(Row.of(9, 9, 4), Row.of(0, 6, 2, 2));
        T5Rows packed = new T5Rows(SOURCE.packedWith(other.source()), IDS.packedWith(other.decoder()));
        double[][] seen = packed.logits(model.graph());
        int n = IDS.ids().length;
        Gpt2Test.assertClose(ROWS.logits(model.graph()), Arrays.copyOf(seen, n), 1e-5);
        Gpt2Test.assertClose(other.logits(model.graph()), Arrays.copyOfRange(seen, n, seen.length), 1e-5);
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void laterTokensOfTheDecoderDoNotReachEarlierLogitsAndThoseOfTheSourceReachAll(T5Checkpoint checkpoint) throws IOException {
        LanguageModel model = load(checkpoint);
        double[][] plain = ROWS.logits(model.graph());
        int[] changed = IDS.ids().clone();
        changed[5] = 7;
        double[][] seen = new T5Rows(SOURCE, Row.of(changed)).logits(model.graph());
        Gpt2Test.assertClose(Arrays.copyOf(plain, 5), Arrays.copyOf(seen, 5), 0);
        assertNotEquals(plain[5][0], seen[5][0]);
        int[] source = SOURCE.ids().clone();
        source[source.length - 1] = 7;
        double[][] other = new T5Rows(Row.of(source), IDS).logits(model.graph());
        for (int t = 0; t < plain.length; t++) {
            assertNotEquals(plain[t][0], other[t][0], "row " + t);
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void aShiftOfAllPositionsChangesNothingAndOfSomeDoes(T5Checkpoint checkpoint) throws IOException {
        ModelGraph model = exact(checkpoint);
        double[][] plain = ROWS.logits(model);
        Gpt2Test.assertClose(plain, new T5Rows(SOURCE.shifted(40), IDS.shifted(17)).logits(model), 0);
        int last = plain.length - 1;
        int[] apart = IDS.positions().clone();
        apart[last] += 90;
        assertTrue(Math.abs(plain[last][0] - new T5Rows(SOURCE, IDS.at(apart)).logits(model)[last][0]) > 1e-4);
        int[] apartSource = SOURCE.positions().clone();
        apartSource[0] -= 90;
        assertTrue(Math.abs(plain[last][0] - new T5Rows(SOURCE.at(apartSource), IDS).logits(model)[last][0]) > 1e-4);
    }

    /** The distances at which the logits change, of 32 buckets up to 128: published tables of T5. */
    @Test
    void distancesOfOneBucketGiveTheSameLogits() throws IOException {
        ModelGraph model = exact(T5Checkpoint.DEEP);
        Row two = Row.of(3, 8);
        List<Integer> encoder = List.of(1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91);
        assertEquals(encoder, changes(model, 1, d -> new T5Rows(two.at(0, d), two)));
        assertEquals(encoder, changes(model, 1, d -> new T5Rows(two.at(d, 0), two)));
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 19, 21, 24, 27, 31, 35, 40, 46, 52, 59, 67, 77, 87, 99, 113),
                changes(model, 1, d -> new T5Rows(two, two.at(0, d))));
    }

    private static List<Integer> changes(ModelGraph model, int row, IntFunction<T5Rows> atDistance) {
        List<Integer> changes = new ArrayList<>();
        try (Plan plan = Plan.compile(model.graph(), atDistance.apply(0).shapes(), List.of(model.logits().name()))) {
            double[] before = null;
            for (int d = 0; d < 140; d++) {
                atDistance.apply(d).write(plan);
                plan.run();
                double[] logits = Models.matrix(plan, model.logits().name())[row];
                if (before != null && !Arrays.equals(before, logits)) {
                    changes.add(d);
                }
                before = logits;
            }
        }
        return changes;
    }

    /** Token by token over the cache and what the encoder graph gave, against the whole sequence at once. */
    @ParameterizedTest
    @MethodSource("checkpoints")
    void cachedLogitsAreTheUncached(T5Checkpoint checkpoint) throws IOException {
        LanguageModel model = load(checkpoint);
        double[][] expected = ROWS.logits(model.graph());
        double greatest = greatest(expected);
        T5Rows padded = new T5Rows(SOURCE.padded(0, 4), IDS);
        for (Lowering lowering : Lowering.values()) {
            EncoderGraph encoder = model.encoder(lowering);
            DecoderGraph decoder = model.decoder(lowering);
            int length = padded.source().ids().length;
            Map<String, long[]> shapes = new LinkedHashMap<>();
            List.of(DecoderGraph.TOKENS, DecoderGraph.LENGTHS).forEach(name -> shapes.put(name, new long[] {1}));
            shapes.put(DecoderGraph.MASK, new long[] {1, 1, 1, 16});
            shapes.put(ModelGraph.SOURCE_ATTENTION_MASK, new long[] {1, length});
            decoder.caches().forEach(c -> shapes.put(c.past(), new long[] {1, checkpoint.heads(), 16, checkpoint.headDim()}));
            decoder.sources().forEach(s -> shapes.put(s, new long[] {length, 2L * checkpoint.heads() * checkpoint.headDim()}));
            List<String> outputs = new ArrayList<>(List.of(decoder.logits()));
            decoder.caches().stream().filter(c -> c.present() != null).forEach(c -> outputs.add(c.present()));
            try (Plan source = Plan.compile(encoder.graph(), padded.shapes(), encoder.keysAndValues());
                    Plan plan = Plan.compile(decoder.graph(), shapes, outputs)) {
                padded.writeSource(source);
                source.run();
                for (int layer = 0; layer < decoder.sources().size(); layer++) {
                    Port encoded = source.port(encoder.keysAndValues().get(layer));
                    plan.port(decoder.sources().get(layer)).copy(0, encoded, 0, encoded.length());
                }
                plan.write(ModelGraph.SOURCE_ATTENTION_MASK, padded.source().segments());
                if (plan.hasInput(DecoderGraph.MASK)) {
                    float[] hidden = new float[16];
                    Arrays.fill(hidden, -1e9f);
                    plan.write(DecoderGraph.MASK, hidden);
                }
                for (int t = 0; t < expected.length; t++) {
                    step(plan, decoder, t);
                    assertArrayEquals(expected[t], Models.matrix(plan, decoder.logits())[0],
                            1e-5 * greatest, lowering + ", token " + t);
                }
            }
        }
    }

    private static void step(Plan plan, DecoderGraph decoder, int t) {
        plan.write(DecoderGraph.TOKENS, new int[] {IDS.ids()[t]});
        if (plan.hasInput(DecoderGraph.LENGTHS)) {
            plan.write(DecoderGraph.LENGTHS, new int[] {t});
        }
        plan.run();
        for (DecoderGraph.Cache cache : decoder.caches()) {
            if (cache.present() != null) {
                Port past = plan.port(cache.past());
                Port present = plan.port(cache.present());
                for (int h = 0; h < decoder.heads(); h++) {
                    past.copy((h * 16 + t) * decoder.width(), present, h * decoder.width(), decoder.width());
                }
            }
        }
        if (plan.hasInput(DecoderGraph.MASK)) {
            plan.port(DecoderGraph.MASK).put(t, 0.0);
        }
    }

    @Test
    void freshWeightsAreNormalAsT5StartsFrom() throws IOException {
        T5Checkpoint.FLAN.write(directory);
        Map<String, double[]> weights = Models.weights(LanguageModel.create(ModelConfig.read(directory), 1, Lowering.FUSED));
        double width = T5Checkpoint.WIDTH;
        assertDeviation(1, weights.get("shared.weight"));
        assertDeviation(1, weights.get("lm_head.weight"));
        assertDeviation(1 / Math.sqrt(width * 3), weights.get("encoder.block.2.layer.0.SelfAttention.q.weight"));
        assertDeviation(1 / Math.sqrt(width), weights.get("decoder.block.0.layer.1.EncDecAttention.k.weight"));
        assertDeviation(1 / Math.sqrt(2 * 3), weights.get("decoder.block.0.layer.1.EncDecAttention.o.weight"));
        assertDeviation(1 / Math.sqrt(width), weights.get("encoder.block.1.layer.1.DenseReluDense.wi_0.weight"));
        assertDeviation(1 / Math.sqrt(T5Checkpoint.INNER), weights.get("encoder.block.1.layer.1.DenseReluDense.wo.weight"));
        assertDeviation(1 / Math.sqrt(width), weights.get("decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"));
        assertTrue(Arrays.stream(weights.get("decoder.final_layer_norm.weight")).allMatch(x -> x == 1));
    }

    private static void assertDeviation(double expected, double[] values) {
        assertEquals(expected, Math.sqrt(Arrays.stream(values).map(x -> x * x).average().orElseThrow()), 4 * expected / Math.sqrt(2.0 * values.length));
    }
}
