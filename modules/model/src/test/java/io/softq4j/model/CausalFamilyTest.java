package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.plan.Plan;
import io.softq4j.model.weights.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every family of causal models keeps, shown on tiny checkpoints of each. */
class CausalFamilyTest {

    private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6, 10, 0, 7};

    @TempDir
    private Path directory;

    private static Stream<Checkpoint> checkpoints() {
        return Checkpoint.all();
    }

    private LanguageModel load(Checkpoint checkpoint) throws IOException {
        checkpoint.write(directory);
        return LanguageModel.load(directory, Lowering.FUSED);
    }

    private ModelGraph exact(Checkpoint checkpoint) throws IOException {
        checkpoint.write(directory);
        return Models.exact(ModelConfig.read(directory), checkpoint.exactWeights());
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void logitsEqualTheReferenceForward(Checkpoint checkpoint) throws IOException {
        double[][] expected = checkpoint.reference(IDS);
        double greatest = Arrays.stream(expected).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElseThrow();
        Gpt2Test.assertClose(expected, Models.logits(exact(checkpoint), IDS, 0, 0), 1e-12 * greatest);
        LanguageModel model = load(checkpoint);
        Gpt2Test.assertClose(expected, Models.logits(model.graph(), IDS, 0, 0), 1e-5 * greatest);
        Gpt2Test.assertClose(expected, Models.logits(model.standardGraph(), IDS, 0, 0), 1e-5 * greatest);
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void parametersAreCountedAsTheFileHasThem(Checkpoint checkpoint) throws IOException {
        LanguageModel model = load(checkpoint);
        long stored = checkpoint.weights().values().stream().mapToLong(values -> values.length).sum();
        assertEquals(stored, model.config().parameters());
        assertEquals(stored, model.parameterCount());
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void paddingAndPackingChangeNothing(Checkpoint checkpoint) throws IOException {
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
    void laterTokensDoNotReachEarlierLogits(Checkpoint checkpoint) throws IOException {
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
    void aShiftOfAllPositionsChangesNothingAndOfSomeDoes(Checkpoint checkpoint) throws IOException {
        ModelGraph model = exact(checkpoint);
        int[] ones = new int[IDS.length];
        Arrays.fill(ones, 1);
        double[][] plain = Models.logits(model, IDS, 0, 0);
        Gpt2Test.assertClose(plain, Models.logits(model, IDS, IntStream.range(0, IDS.length).map(t -> t + 40).toArray(), ones), 1e-9);
        double[][] apart = Models.logits(model, IDS, IntStream.range(0, IDS.length).map(t -> t < 3 ? t : t + 9).toArray(), ones);
        assertTrue(Math.abs(apart[IDS.length - 1][0] - plain[IDS.length - 1][0]) > 1e-4);
    }

    /** Token by token over the cache, against the whole sequence at once. */
    @ParameterizedTest
    @MethodSource("checkpoints")
    void cachedLogitsAreTheUncached(Checkpoint checkpoint) throws IOException {
        LanguageModel model = load(checkpoint);
        double[][] expected = Models.logits(model.graph(), IDS, 0, 0);
        DecoderGraph decoder = model.decoder(Lowering.FUSED);
        Map<String, long[]> shapes = new LinkedHashMap<>();
        List.of(DecoderGraph.TOKENS, DecoderGraph.POSITIONS, DecoderGraph.LENGTHS).forEach(name -> shapes.put(name, new long[] {1}));
        decoder.caches().forEach(c -> shapes.put(c.past(), new long[] {1, decoder.heads(), 16, decoder.width()}));
        try (Plan plan = Plan.compile(decoder.graph(), shapes, List.of(decoder.logits()))) {
            for (int t = 0; t < IDS.length; t++) {
                plan.write(DecoderGraph.TOKENS, new int[] {IDS[t]});
                plan.write(DecoderGraph.POSITIONS, new int[] {t});
                plan.write(DecoderGraph.LENGTHS, new int[] {t});
                plan.run();
                assertArrayEquals(expected[t], Models.matrix(plan, decoder.logits())[0], 1e-5, "token " + t);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void loadedAndSavedKeepsEveryByteOfTheWeights(Checkpoint checkpoint) throws IOException {
        checkpoint.write(directory);
        Path weights = directory.resolve("model.safetensors");
        byte[] before = Files.readAllBytes(weights);
        Safetensors.write(weights, Models.tensors(LanguageModel.load(directory, Lowering.FUSED)));
        assertArrayEquals(before, Files.readAllBytes(weights));
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void theWrittenConfigurationIsTheOneThatWasRead(Checkpoint checkpoint) throws IOException {
        LanguageModel model = load(checkpoint);
        model.writeConfig(directory, 1, 2);
        assertEquals(model.config(), ModelConfig.read(directory));
        String written = Files.readString(directory.resolve("config.json"));
        assertTrue(written.contains("\"bos_token_id\" : 1") && written.contains("\"eos_token_id\" : 2"), written);
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void freshWeightsAreNormalWithGainsOfOneAndBiasesOfZero(Checkpoint checkpoint) throws IOException {
        checkpoint.write(directory);
        Models.weights(LanguageModel.create(ModelConfig.read(directory), 1, Lowering.FUSED)).forEach((name, values) -> {
            double mean = Arrays.stream(values).average().orElseThrow();
            double deviation = Math.sqrt(Arrays.stream(values).map(x -> (x - mean) * (x - mean)).average().orElseThrow());
            boolean gain = name.contains("norm") && name.endsWith("weight");
            boolean constant = gain || name.endsWith("bias");
            assertEquals(gain ? 1 : 0, mean, constant ? 0 : 0.01, name);
            assertEquals(constant ? 0 : 0.02, deviation, constant ? 0 : 0.006, name);
        });
    }
}
