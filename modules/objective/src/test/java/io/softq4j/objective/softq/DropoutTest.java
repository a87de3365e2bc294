package io.softq4j.objective.softq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import io.softq4j.model.ModelGraph;
import io.softq4j.objective.Batch;
import io.softq4j.objective.BatchShape;
import java.nio.FloatBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Dropout in a model's graph, as the objective drives it. */
class DropoutTest {

    private static final int WIDTH = 16;
    private static final int VOCABULARY = 10;

    private final Batch batch = Sequence.padded(Sequence.samples(), 8, 0);

    /** Two layers, each a linear one with dropout before and after. */
    private static ModelGraph model(double rate) {
        SameDiff graph = SameDiff.create();
        Ops ops = new Ops(graph, Lowering.FUSED);
        SDVariable ids = graph.reshape(graph.placeHolder(ModelGraph.INPUT_IDS, DataType.INT, -1, -1), -1);
        SDVariable key = graph.placeHolder(ModelGraph.DROPOUT_KEY, DataType.INT, 1);
        SDVariable table = weight(graph, "table", VOCABULARY);
        SDVariable x = ops.dropout(ops.embedding(table, ids), rate, key, 0);
        Set<String> layers = new LinkedHashSet<>(Set.of(x.name()));
        for (int layer = 0; layer < 2; layer++) {
            SDVariable inner = ops.dropout(ops.gelu(ops.linear(x, weight(graph, "w" + layer, WIDTH), null)), rate, key, 2 * layer + 1);
            x = ops.add(x, ops.dropout(ops.linear(inner, weight(graph, "v" + layer, WIDTH), null), rate, key, 2 * layer + 2));
            layers.add(x.name());
        }
        return new ModelGraph(ops, DataType.FLOAT, VOCABULARY, List.of("table", "w0", "v0", "w1", "v1"), List.of(), ops.linearTransposed(x, table),
                Optional.of(new ModelGraph.Output(x, table)), layers);
    }

    private static SDVariable weight(SameDiff graph, String name, int rows) {
        Random random = new Random(name.hashCode());
        float[] values = new float[rows * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.3 * random.nextGaussian());
        }
        return graph.var(name, Nd4j.createFromArray(values).reshape(rows, WIDTH));
    }

    private LossSums step(SoftQ objective, int key) {
        objective.dropoutKey(key);
        objective.parameters().zeroGradients();
        return objective.accumulateAt(batch, batch.counts(), 0.2);
    }

    @Test
    void aGradientDependsOnTheKeyAndAnEvaluationDoesNot() {
        try (SoftQ objective = new SoftQ(model(0.3), SoftQConfig.defaults()); SoftQ plain = new SoftQ(model(0), SoftQConfig.defaults())) {
            LossSums one = step(objective, 1);
            FloatBuffer gradient = copy(objective);
            assertNotEquals(one, step(objective, 2));
            assertNotEquals(gradient, copy(objective));
            assertEquals(one, step(objective, 1));
            assertEquals(gradient, copy(objective));
            assertEquals(plain.evaluate(batch), objective.evaluate(batch));
            assertEquals(step(plain, 1), step(objective, 0), "key 0 drops nothing");
            assertEquals(copy(plain), copy(objective));
        }
    }

    private static FloatBuffer copy(SoftQ objective) {
        FloatBuffer gradient = objective.parameters().slots().get(1).gradients();
        float[] values = new float[gradient.capacity()];
        gradient.get(0, values);
        return FloatBuffer.wrap(values);
    }

    @Test
    void valuesComputedAgainAreDroppedInTheSamePlaces() {
        try (SoftQ kept = new SoftQ(model(0.3), SoftQConfig.defaults(), false); SoftQ again = new SoftQ(model(0.3), SoftQConfig.defaults(), true)) {
            assertTrue(again.explain(BatchShape.of(3, 8)).ops().stream().anyMatch(op -> op.kind().equals("Dropout") && op.recomputed()), again.explain(BatchShape.of(3, 8)).text());
            assertEquals(step(kept, 77), step(again, 77));
            for (int i = 0; i < kept.parameters().slots().size(); i++) {
                assertEquals(kept.parameters().slots().get(i).gradients(), again.parameters().slots().get(i).gradients());
            }
        }
    }
}
