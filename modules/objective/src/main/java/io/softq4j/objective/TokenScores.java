package io.softq4j.objective;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanCache;
import io.softq4j.graph.plan.PlanSpec;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.ModelGraph;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A forward pass that tells of each token to predict how likely it was: no sampling, no gradient. It has a graph of its own over the model's weights, so
 * the model may be one that trains. The logits {@code [N, V]} of a batch are in memory as a whole. Not safe for use by several threads at once.
 */
public final class TokenScores implements AutoCloseable {

    /**
     * What is known of the N = B T positions of a batch.
     *
     * @param nll       -log softmax(z)[target] {@code [N]}, nats; 0 where nothing is predicted
     * @param likeliest whether no other token had a larger logit {@code [N]}
     */
    public record Scored(double[] nll, boolean[] likeliest) {
    }

    private static final String TARGETS = "targets";

    private final ModelGraph model;
    private final Ops.SoftValue values;
    private final SDVariable largest;
    private final PlanCache<BatchShape> plans;

    /** Over the weights of a model, which stay its own. */
    public TokenScores(LanguageModel model) {
        this.model = model.sequences(Lowering.best());
        SDVariable targets = this.model.graph().placeHolder(TARGETS, DataType.INT, -1);
        values = this.model.ops().softValues(this.model.logits(), targets, 1, this.model.vocabulary(), this.model.type());
        largest = this.model.logits().max(1);
        plans = new PlanCache<>(this.model.graph());
    }

    /** Tokens of the vocabulary, V. */
    public int vocabulary() {
        return model.vocabulary();
    }

    /**
     * Scores a batch.
     *
     * @throws IllegalArgumentException if the model cannot read it
     */
    public Scored score(Batch batch) {
        BatchInputs.requireReadable(batch, model);
        Plan plan = plans.get(batch.shape(), this::spec);
        BatchInputs.write(plan, batch);
        BatchInputs.write(plan, TARGETS, batch.targets());
        BatchInputs.write(plan, ModelGraph.DROPOUT_KEY, new int[] {0});
        plan.run();
        double[] value = plan.read(values.value().name());
        double[] chosen = plan.read(values.chosen().name());
        double[] most = plan.read(largest.name());
        double[] nll = new double[value.length];
        boolean[] likeliest = new boolean[value.length];
        for (int i = 0; i < nll.length; i++) {
            if (batch.nllMask()[i] != 0) {
                nll[i] = value[i] - chosen[i];
                likeliest[i] = chosen[i] >= most[i];
            }
        }
        return new Scored(nll, likeliest);
    }

    private PlanSpec spec(BatchShape shape) {
        Map<String, long[]> shapes = BatchInputs.shapes(shape);
        shapes.put(TARGETS, new long[] {(long) shape.rows() * shape.length()});
        return PlanSpec.of(shapes, List.of(values.value().name(), values.chosen().name(), largest.name()));
    }

    /** Frees the plans; the weights stay. */
    @Override
    public void close() {
        plans.close();
    }
}
