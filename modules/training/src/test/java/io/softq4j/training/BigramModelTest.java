package io.softq4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.graph.plan.Parameters.Slot;
import io.softq4j.objective.Batch;
import io.softq4j.tokens.Example;
import io.softq4j.training.rows.Collator;
import io.softq4j.training.rows.ExampleSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The model that the tests of the loop rest on is held to central differences itself. */
class BigramModelTest {

    @Test
    void theGradientIsThatOfTheLoss() {
        BigramModel model = new BigramModel(TinyRun.VOCABULARY, step -> 0.3);
        ExampleSource source = TinyRun.examples(6, 5);
        List<List<Example>> rows = IntStream.range(0, 3).mapToObj(i -> List.of(source.get(2 * i), source.get(2 * i + 1))).toList();
        Batch batch = new Collator(TinyRun.EOS, 20, 4, true).collate(rows);
        model.accumulate(batch, batch.counts(), 0);
        for (Slot slot : model.parameters().slots()) {
            for (int i = 0; i < slot.size(); i++) {
                float at = slot.values().get(i);
                slot.values().put(i, at + 0x1p-8f);
                double above = model.evaluate(batch, 0).loss();
                slot.values().put(i, at - 0x1p-8f);
                double below = model.evaluate(batch, 0).loss();
                slot.values().put(i, at);
                assertEquals((above - below) / 0x1p-7, slot.gradients().get(i), 2e-5, slot.name() + " " + i);
            }
        }
    }
}
