package io.softq4j.objective.softq;

import io.softq4j.graph.RowLossGraph;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanCache;
import io.softq4j.graph.plan.PlanSpec;
import io.softq4j.model.ModelGraph;
import io.softq4j.objective.Batch;
import io.softq4j.objective.BatchInputs;
import io.softq4j.objective.BatchShape;

/**
 * The values V_t = tau logsumexp(z_t / tau) of a model at the rows of batches: a forward pass without dropout, and no gradient. Not safe
 * for use by several
 * threads at once.
 */
public final class StateValues implements AutoCloseable {

    private final ModelGraph model;
    private final Terms terms;
    private final RowLossGraph rows;
    private final PlanCache<BatchShape> plans;

    /** Adds what it computes to the model's graph, which then takes no objective. @param tau temperature of the value */
    public StateValues(ModelGraph model, double tau) {
        this.model = model;
        terms = new Terms(SoftQConfig.defaults().with(c -> c.tau(tau)));
        rows = model.rowLoss(terms.loss());
        plans = new PlanCache<>(model.graph());
    }

    /** V {@code [B, T]}, flattened, of every row that {@link SoftQ} reads, scored or next after a scored one; of others any number. */
    public float[] of(Batch batch) {
        BatchInputs.requireReadable(batch, model);
        Plan plan = plans.get(batch.shape(), shape -> PlanSpec.of(terms.shapes(shape), rows.evaluation()));
        terms.fill(plan, batch);
        BatchInputs.write(plan, ModelGraph.DROPOUT_KEY, new int[] {0});
        plan.run();
        double[] read = plan.read(rows.evaluation().get(0));
        float[] values = new float[read.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) read[i];
        }
        return values;
    }

    /** Frees the plans; the model stays. */
    @Override
    public void close() {
        plans.close();
    }
}
