package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.Plan;
import io.softq4j.graph.kernel.Memory;
import io.softq4j.model.generation.Completion;
import io.softq4j.model.generation.DecodingSession;
import io.softq4j.model.generation.GenerationConfig;
import io.softq4j.model.generation.Generator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class LlamaTest {

    private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6, 10, 0, 7};

    @TempDir
    private Path directory;

    private static Stream<LlamaCheckpoint> checkpoints() {
        return LlamaCheckpoint.ALL.stream();
    }

    private LanguageModel load(LlamaCheckpoint checkpoint) throws IOException {
        checkpoint.write(directory);
        return LanguageModel.load(directory, Lowering.FUSED);
    }

    /** The graph in standard ops and double, with these weights. */
    private static ModelGraph exact(LlamaConfig config, Map<String, double[]> weights) {
        Weights given = (graph, name, mean, deviation, shape) -> graph.var(name, Nd4j.createFromArray(weights.get(name)).reshape(shape));
        return new Llama(config, given, Lowering.STANDARD, DataType.DOUBLE).sequences();
    }

    private ModelGraph exact(LlamaCheckpoint checkpoint) throws IOException {
        checkpoint.write(directory);
        return exact((LlamaConfig) ModelConfig.read(directory), checkpoint.exactWeights());
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void logitsEqualTheReferenceForward(LlamaCheckpoint checkpoint) throws IOException {
        double[][] expected = new LlamaReference(checkpoint, checkpoint.exactWeights()).logits(IDS);
        double greatest = Arrays.stream(expected).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElseThrow();
        Gpt2Test.assertClose(expected, Models.logits(exact(checkpoint), IDS, 0, 0), 1e-10);
        LanguageModel model = load(checkpoint);
        Gpt2Test.assertClose(expected, Models.logits(model.graph(), IDS, 0, 0), 1e-5 * greatest);
        Gpt2Test.assertClose(expected, Models.logits(model.standardGraph(), IDS, 0, 0), 1e-5 * greatest);
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void parametersAreCountedAsTheFileHasThem(LlamaCheckpoint checkpoint) throws IOException {
        LanguageModel model = load(checkpoint);
        long stored = checkpoint.weights().values().stream().mapToLong(values -> values.length).sum();
        assertEquals(stored, model.config().parameters());
        assertEquals(stored, model.parameterCount());
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void paddingAndPackingChangeNothing(LlamaCheckpoint checkpoint) throws IOException {
        LanguageModel model = load(checkpoint);
        double[][] plain = Models.logits(model.graph(), IDS, 0, 0);
        Gpt2Test.assertClose(plain, Models.logits(model.graph(), IDS, 0, 5), 1e-5);
        Gpt2Test.assertClose(plain, Models.logits(model.graph(), IDS, 4, 0), 1e-5);
        int n = IDS.length;
        int[] twice = IntStream.range(0, 2 * n).map(i -> i < n ? IDS[n - 1 - i] : IDS[i - n]).toArray();
        double[][] packed = Models.logits(model.graph(), twice, IntStream.range(0, 2 * n).map(i -> i % n).toArray(),
                IntStream.range(0, 2 * n).map(i -> 1 + i / n).toArray());
        Gpt2Test.assertClose(plain, Arrays.copyOfRange(packed, n, 2 * n), 1e-5);
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void laterTokensDoNotReachEarlierLogits(LlamaCheckpoint checkpoint) throws IOException {
        LanguageModel model = load(checkpoint);
        int[] changed = IDS.clone();
        changed[5] = 7;
        double[][] a = Models.logits(model.graph(), IDS, 0, 0);
        double[][] b = Models.logits(model.graph(), changed, 0, 0);
        Gpt2Test.assertClose(Arrays.copyOf(a, 5), Arrays.copyOf(b, 5), 0);
        assertNotEquals(a[5][0], b[5][0]);
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void aShiftOfAllPositionsChangesNothingAndOfSomeDoes(LlamaCheckpoint checkpoint) throws IOException {
        ModelGraph model = exact(checkpoint);
        int[] ones = new int[IDS.length];
        Arrays.fill(ones, 1);
        double[][] plain = Models.logits(model, IDS, 0, 0);
        Gpt2Test.assertClose(plain, Models.logits(model, IDS, IntStream.range(0, IDS.length).map(t -> t + 40).toArray(), ones), 1e-9);
        double[][] apart = Models.logits(model, IDS, IntStream.range(0, IDS.length).map(t -> t < 3 ? t : t + 9).toArray(), ones);
        assertTrue(Math.abs(apart[IDS.length - 1][0] - plain[IDS.length - 1][0]) > 1e-4);
    }

    @Test
    void groupedQueriesAreManyHeadsWhoseKeysAndValuesAreCopies() throws IOException {
        LlamaCheckpoint grouped = LlamaCheckpoint.GROUPED;
        ModelGraph shared = exact(grouped);
        Map<String, double[]> copies = new LinkedHashMap<>(grouped.exactWeights());
        int head = grouped.headDim() * LlamaCheckpoint.WIDTH;
        int group = grouped.heads() / grouped.keyValues();
        copies.replaceAll((name, values) -> {
            if (!name.contains("k_proj") && !name.contains("v_proj")) {
                return values;
            }
            double[] all = new double[values.length * group];
            for (int h = 0; h < grouped.heads(); h++) {
                System.arraycopy(values, h / group * head, all, h * head, head);
            }
            return all;
        });
        LlamaCheckpoint many = new LlamaCheckpoint("llama", grouped.heads(), grouped.heads(), grouped.headDim(), false, grouped.theta(), "");
        many.write(directory);
        ModelGraph whole = exact((LlamaConfig) ModelConfig.read(directory), copies);
        Gpt2Test.assertClose(Models.logits(shared, IDS, 0, 0), Models.logits(whole, IDS, 0, 0), 1e-12);
    }

    /** Token by token over the cache, against the whole sequence at once. */
    @ParameterizedTest
    @MethodSource("checkpoints")
    void cachedLogitsAreTheUncached(LlamaCheckpoint checkpoint) throws IOException {
        LanguageModel model = load(checkpoint);
        double[][] expected = Models.logits(model.graph(), IDS, 0, 0);
        DecoderGraph decoder = model.decoder(Lowering.FUSED);
        Map<String, long[]> shapes = new LinkedHashMap<>();
        List.of(DecoderGraph.TOKENS, DecoderGraph.POSITIONS, DecoderGraph.LENGTHS).forEach(name -> shapes.put(name, new long[] {1}));
        decoder.caches().forEach(c -> shapes.put(c.past().name(), new long[] {1, checkpoint.keyValues(), 16, checkpoint.headDim()}));
        try (Plan plan = Plan.compile(decoder.graph(), shapes, List.of(decoder.logits().name()))) {
            for (int t = 0; t < IDS.length; t++) {
                Memory.write(plan.input(DecoderGraph.TOKENS), new int[] {IDS[t]});
                Memory.write(plan.input(DecoderGraph.POSITIONS), new int[] {t});
                Memory.write(plan.input(DecoderGraph.LENGTHS), new int[] {t});
                plan.run();
                assertArrayEquals(expected[t], plan.output(decoder.logits().name()).castTo(DataType.DOUBLE).toDoubleMatrix()[0], 1e-5, "token " + t);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void greedyDecodingFollowsTheUncachedModel(LlamaCheckpoint checkpoint) throws IOException {
        LanguageModel model = load(checkpoint);
        List<int[]> prompts = List.of(new int[] {1}, new int[] {3, 1, 4, 1, 5, 9, 2}, new int[] {2, 2});
        GenerationConfig greedy = GenerationConfig.greedy(6);
        for (Lowering lowering : Lowering.values()) {
            try (Generator generator = new Generator(DecodingSession.of(model, 16, 2, lowering), Set.of(), ids -> "")) {
                List<List<Completion>> seen = generator.generate(prompts, greedy, n -> { });
                for (int p = 0; p < prompts.size(); p++) {
                    assertArrayEquals(uncached(model, prompts.get(p), 6), seen.get(p).get(0).ids(), lowering + ", prompt " + p);
                }
            }
        }
    }

    private static int[] uncached(LanguageModel model, int[] prompt, int count) {
        int[] ids = prompt;
        for (int k = 0; k < count; k++) {
            double[] last = Models.logits(model.graph(), ids, 0, 0)[ids.length - 1];
            ids = Arrays.copyOf(ids, ids.length + 1);
            ids[ids.length - 1] = IntStream.range(0, last.length).reduce((a, b) -> last[b] > last[a] ? b : a).orElseThrow();
        }
        return Arrays.copyOfRange(ids, prompt.length, ids.length);
    }

    @Test
    void freshWeightsAreNormalWithGainsOfOneAndBiasesOfZero() throws IOException {
        LlamaCheckpoint.QWEN2.write(directory);
        Map<String, double[]> weights = Models.weights(LanguageModel.create(ModelConfig.read(directory), 1, Lowering.FUSED));
        double[] gate = weights.get("model.layers.1.mlp.gate_proj.weight");
        assertEquals(0.02, Math.sqrt(Arrays.stream(gate).map(x -> x * x).average().orElseThrow()), 0.003);
        assertTrue(Arrays.stream(weights.get("model.norm.weight")).allMatch(x -> x == 1));
        assertTrue(Arrays.stream(weights.get("model.layers.0.self_attn.k_proj.bias")).allMatch(x -> x == 0));
    }
}
