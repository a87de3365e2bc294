package io.softq4j.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.softq4j.graph.Lowering;
import io.softq4j.model.Checkpoint;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.Models;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every family of causal models decodes over its cache what it computes of whole sequences, shown on tiny checkpoints of each. */
class CausalDecodingTest {

    @TempDir
    private Path directory;

    private static Stream<Checkpoint> checkpoints() {
        return Checkpoint.all();
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void greedyDecodingFollowsTheUncachedModel(Checkpoint checkpoint) throws IOException {
        checkpoint.write(directory);
        LanguageModel model = LanguageModel.load(directory, Lowering.FUSED);
        List<int[]> prompts = List.of(new int[] {1}, new int[] {3, 1, 4, 1, 5, 9, 2}, new int[] {2, 2});
        GenerationConfig greedy = GenerationConfig.greedy(6);
        for (Lowering lowering : Lowering.values()) {
            try (Generator generator = new Generator(DecodingSession.of(model, 16, 2, lowering), Set.of(), tokens -> "")) {
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
}
