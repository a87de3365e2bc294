package io.softq4j.objective.softq;

import io.softq4j.graph.Gradients;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.Port;
import io.softq4j.model.ModelGraph;
import io.softq4j.objective.Batch;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/** Mean token cross-entropy as everyone writes it, -(log softmax . one-hot) over the mask: the yardstick for lambda 0. */
final class CrossEntropy implements AutoCloseable {

    private final ModelGraph model;
    private final Map<String, SDVariable> gradients;
    private Plan plan;

    CrossEntropy(ModelGraph model) {
        this.model = model;
        SameDiff graph = model.graph();
        SDVariable logProbability = graph.nn().logSoftmax(model.logits());
        SDVariable oneHot = graph.oneHot(graph.placeHolder("labels", DataType.INT, -1), model.vocabulary(), 1, 1.0, 0.0, model.type());
        SDVariable weights = graph.placeHolder("weights", model.type(), -1);
        gradients = Gradients.of(logProbability.mul(oneHot).sum(1).mul(weights).sum().neg(), model.parameters());
    }

    Map<String, double[]> gradient(Batch batch) {
        if (plan == null) {
            long[] tokens = {batch.rows(), batch.length()};
            long[] flat = {batch.nllMask().length};
            plan = Plan.compile(model.graph(), Map.of(ModelGraph.INPUT_IDS, tokens, ModelGraph.POSITION_IDS, tokens,
                    ModelGraph.ATTENTION_MASK, tokens, "labels", flat, "weights", flat), gradients.values().stream().map(SDVariable::name).toList());
        }
        plan.write(ModelGraph.INPUT_IDS, batch.inputIds());
        plan.write(ModelGraph.POSITION_IDS, batch.positionIds());
        plan.write(ModelGraph.ATTENTION_MASK, batch.segmentIds());
        plan.write("labels", batch.targets());
        Port weights = plan.port("weights");
        for (int i = 0; i < weights.length(); i++) {
            weights.put(i, batch.nllMask()[i] / (double) batch.counts().responseTokens());
        }
        plan.run();
        Map<String, double[]> byName = new LinkedHashMap<>();
        for (String name : model.parameters()) {
            byName.put(name, plan.read(gradients.get(name).name()));
        }
        return byName;
    }

    @Override
    public void close() {
        plan.close();
    }
}
