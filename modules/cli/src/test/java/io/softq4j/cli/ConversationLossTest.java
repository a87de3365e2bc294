package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.chat.TrainOn;
import io.softq4j.data.DataConfig;
import io.softq4j.data.Preparation;
import io.softq4j.data.Progress;
import io.softq4j.data.TokenizerConfig;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.plan.Parameters.Slot;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.LanguageModel;
import io.softq4j.objective.Batch;
import io.softq4j.objective.softq.LossSums;
import io.softq4j.objective.softq.SoftQ;
import io.softq4j.objective.softq.SoftQConfig;
import io.softq4j.tokens.Example;
import io.softq4j.tokens.store.TokenStore;
import io.softq4j.training.rows.Collator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From the text of a conversation to its loss and gradient: how its answers are laid out in rows does not matter. */
class ConversationLossTest {

    private static final double LAMBDA = 0.4;
    private static final String FIRST = "{\"role\": \"user\", \"content\": \"2+2?\"}, {\"role\": \"assistant\", \"content\": \"four, I think\"}";
    private static final String BOTH = FIRST + ", {\"role\": \"user\", \"content\": \"and 3+3?\"}, {\"role\": \"assistant\", \"content\": \"six\"}";

    private record Outcome(LossSums sums, List<float[]> gradients) {
    }

    @TempDir
    Path home;

    @ParameterizedTest
    @CsvSource({"FUSED, 0.9", "STANDARD, 1"})
    void aRowOfTwoTurnsHasTheLossAndGradientOfItsTwoRowsOfOne(Lowering lowering, double gamma) throws IOException {
        TokenStore two = store("two", TrainOn.COMPLETION, BOTH);
        TokenStore one = store("one", TrainOn.LAST_TURN, FIRST, BOTH);
        assertEquals(two.get(0).responseTokens(), one.get(0).responseTokens() + one.get(1).responseTokens());
        Outcome expected = outcome(one, false, lowering, gamma);
        assertEquals(2, expected.sums.starts());
        for (boolean packing : new boolean[] {false, true}) {
            assertSame(expected, outcome(two, packing, lowering, gamma));
            assertSame(expected, outcome(one, packing, lowering, gamma));
        }
    }

    @Test
    void whereEverythingIsScoredEachTurnEndsToo() throws IOException {
        TokenStore all = store("all", TrainOn.ALL, BOTH);
        Batch batch = new Collator(all.manifest().eosId(), 256, 1, false).collate(List.of(List.of(all.get(0))));
        int ends = 0;
        for (int i = 0; i < batch.targets().length; i++) {
            assertEquals(batch.targets()[i] == all.manifest().eosId() ? 0f : 1f, batch.continues()[i]);
            assertEquals(batch.nllMask()[i], batch.tdMask()[i]);
            ends += batch.continues()[i] == 0 ? 1 : 0;
        }
        assertEquals(4, ends, "of the user and of the assistant");
    }

    private TokenStore store(String name, TrainOn trainOn, String... conversations) throws IOException {
        StringBuilder rows = new StringBuilder();
        for (String conversation : conversations) {
            rows.append("{\"messages\": [").append(conversation).append("]}\n");
        }
        Path corpus = Files.writeString(home.resolve(name + ".jsonl"), rows);
        DataConfig data = DataConfig.defaults().with(d -> d.train(List.of(corpus.toString())).trainOn(trainOn));
        TokenizerConfig tokenizer = Files.exists(home.resolve("two")) ? TokenizerConfig.of(home.resolve("two").toString()) : TokenizerConfig.defaults();
        new Preparation(data, tokenizer, Progress.NONE).run(home.resolve(name));
        return TokenStore.open(home.resolve(name + "/train"));
    }

    private static Outcome outcome(TokenStore store, boolean packing, Lowering lowering, double gamma) {
        List<Example> examples = new ArrayList<>();
        for (long i = 0; i < store.size(); i++) {
            examples.add(store.get(i));
        }
        List<List<Example>> rows = packing ? List.of(examples) : examples.stream().map(List::of).toList();
        Batch batch = new Collator(store.manifest().eosId(), 256, 8, packing).collate(rows);
        Gpt2Config size = Gpt2Config.defaults().with(c -> c.vocabSize(store.manifest().vocabularySize()).nPositions(256).nEmbd(16)
                .nLayer(2).nHead(2).initializerRange(0.3));
        try (LanguageModel model = LanguageModel.create(size, 5, lowering);
                SoftQ softQ = new SoftQ(model.graph(), SoftQConfig.defaults().with(c -> c.lambda(LAMBDA).gamma(gamma)))) {
            LossSums sums = softQ.accumulateAt(batch, batch.counts(), LAMBDA);
            List<float[]> gradients = new ArrayList<>();
            for (Slot slot : softQ.parameters().slots()) {
                float[] values = new float[slot.size()];
                slot.gradients().get(0, values);
                gradients.add(values);
            }
            return new Outcome(sums, gradients);
        }
    }

    private static void assertSame(Outcome expected, Outcome seen) {
        assertEquals(expected.sums.counts(), seen.sums.counts());
        assertEquals(expected.sums.starts(), seen.sums.starts());
        assertEquals(expected.sums.nll(), seen.sums.nll(), 1e-5 * expected.sums.nll());
        assertEquals(expected.sums.td(), seen.sums.td(), 1e-5 * expected.sums.td());
        assertEquals(expected.sums.value0(), seen.sums.value0(), 1e-5 * Math.abs(expected.sums.value0()));
        for (int i = 0; i < expected.gradients.size(); i++) {
            double norm = 0;
            double difference = 0;
            for (int k = 0; k < expected.gradients.get(i).length; k++) {
                norm += Math.pow(expected.gradients.get(i)[k], 2);
                difference += Math.pow(expected.gradients.get(i)[k] - seen.gradients.get(i)[k], 2);
            }
            assertTrue(Math.sqrt(difference) <= 1e-4 * Math.sqrt(norm), "tensor " + i + ": " + Math.sqrt(difference / norm));
        }
    }
}
