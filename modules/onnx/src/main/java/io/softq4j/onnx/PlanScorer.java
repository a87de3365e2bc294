package io.softq4j.onnx;

import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.Port;
import io.softq4j.model.ModelGraph;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The trained graph itself, planned anew for each shape. */
final class PlanScorer implements Scorer, AutoCloseable {

    private final ModelGraph model;
    private Plan plan;

    PlanScorer(ModelGraph model) {
        this.model = model;
    }

    @Override
    public float[] logits(TokenBatch batch) {
        close();
        long[] shape = {batch.rows(), batch.length()};
        String logits = model.logits().name();
        plan = Plan.compile(model.graph(), Map.of(ModelGraph.INPUT_IDS, shape, ModelGraph.ATTENTION_MASK, shape, ModelGraph.POSITION_IDS,
                shape),
                List.of(logits));
        write(ModelGraph.INPUT_IDS, batch.ids());
        write(ModelGraph.ATTENTION_MASK, batch.mask());
        write(ModelGraph.POSITION_IDS, batch.positions());
        plan.run();
        Port values = plan.port(logits);
        float[] copy = new float[values.length()];
        values.read(0, copy);
        return copy;
    }

    private void write(String input, int[][] rows) {
        if (plan.hasInput(input)) {
            plan.write(input, Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray());
        }
    }

    @Override
    public void close() {
        if (plan != null) {
            plan.close();
            plan = null;
        }
    }
}
