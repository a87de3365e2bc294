package io.softq4j.objective.softq;

import io.softq4j.graph.RowLossGraph;
import io.softq4j.graph.kernel.RowValues;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanCache;
import io.softq4j.graph.plan.PlanReport;
import io.softq4j.graph.plan.PlanSpec;
import io.softq4j.graph.plan.Profile;
import io.softq4j.graph.plan.SameDiffParameters;
import io.softq4j.model.ModelGraph;
import io.softq4j.objective.Batch;
import io.softq4j.objective.BatchInputs;
import io.softq4j.objective.BatchShape;
import io.softq4j.objective.Counts;
import io.softq4j.objective.Description;
import io.softq4j.objective.Figures;
import io.softq4j.objective.Objective;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A language model with the offline inverse-soft-Q objective (arXiv 2409.01369, Eq. 14):
 *
 * <pre>
 *   L = (1/N) sum_t m_t (-log pi_t)  +  (lambda/N_d) sum_t d_t delta_t^2
 *   V_t = tau logsumexp(z_t / tau)      log pi_t = (z_t[x_t] - V_t) / tau      delta_t = z_t[x_t] - gamma c_t V_{t+1}
 * </pre>
 *
 * and, where {@code z_loss} is not 0, z_loss (1/N) sum_t m_t (V_t / tau)^2 more (PaLM, arXiv 2204.02311, section 5: V / tau is the log of the softmax's
 * normaliser Z).
 *
 * <p>With a baseline ({@link Baseline}) b_t is taken from the logits of row t before the residual reads them: Q = z - b, V' = V - b. The
 * policy does not
 * see it.
 *
 * <p>The logits z themselves are the Q-values: there is no other head. m, d and c are {@link Batch}'s masks; a terminal state's value is 0. The sums
 * that are reported are added up in float64 on the host; the gradient is the graph's. Plans are kept by shape, so feed few different shapes. Not
 * safe for use by several threads at once.
 */
public final class SoftQ implements Objective {

    /** What a plan is for. */
    private enum Use { TRAINING, EVALUATION, GRADIENT }

    private record Key(Use use, BatchShape shape) {
    }

    private final ModelGraph model;
    private final SoftQConfig config;
    private final Terms terms;
    private final SameDiff graph;
    private final SameDiffParameters parameters;
    private final RowLossGraph objective;
    private final boolean gradientCheckpointing;
    private final PlanCache<Key> plans;
    private Profile profile;
    private int dropoutKey;

    /** {@link #SoftQ(ModelGraph, SoftQConfig, boolean)} that keeps all that the backward pass needs. */
    public SoftQ(ModelGraph model, SoftQConfig config) {
        this(model, config, false);
    }

    /**
     * Adds the objective and its gradient to the model's graph. One objective a graph.
     *
     * @param model                 an outline too, with which it can be asked for its {@link #costs} alone
     * @param gradientCheckpointing true: of the forward pass only what each layer starts from is kept, and the rest computed again layer by layer
     *                              for the backward pass; less memory for about a third more time, the same results
     */
    public SoftQ(ModelGraph model, SoftQConfig config, boolean gradientCheckpointing) {
        this.model = model;
        this.config = config;
        this.terms = new Terms(config);
        this.graph = model.graph();
        this.gradientCheckpointing = gradientCheckpointing;
        objective = model.rowLoss(terms.loss());
        parameters = model.type() == DataType.FLOAT && !model.outlined() ? new SameDiffParameters(graph, model.parameters()) : null;
        plans = parameters == null ? new PlanCache<>(graph) : new PlanCache<>(graph, parameters, objective.parameterOfTerm());
    }

    private Plan plan(Use use, Batch batch) {
        BatchInputs.requireReadable(batch, model);
        Plan plan = plans.get(new Key(use, batch.shape()), this::spec);
        plan.profile(use == Use.EVALUATION ? null : profile);    // what is asked is where training's time goes
        terms.fill(plan, batch);
        BatchInputs.write(plan, ModelGraph.DROPOUT_KEY, new int[] {use == Use.EVALUATION ? 0 : dropoutKey});
        return plan;
    }

    private PlanSpec spec(Key key) {
        Map<String, long[]> shapes = terms.shapes(key.shape());
        return switch (key.use()) {
            case TRAINING -> trainingSpec(shapes);
            case EVALUATION -> PlanSpec.of(shapes, objective.evaluation());
            case GRADIENT -> PlanSpec.of(shapes, objective.parameterOfTerm().keySet());
        };
    }

    /** @throws IllegalStateException if the model is an outline, or not of float32: such are for checks, which read {@link #gradient} */
    @Override
    public SameDiffParameters parameters() {
        if (parameters == null) {
            throw new IllegalStateException(model.outlined() ? "an outline of a model has no weights to train"
                    : "a model of type " + model.type() + " cannot be trained, only one of FLOAT");
        }
        return parameters;
    }

    /** With the lambda that the configuration gives this step. */
    @Override
    public Figures accumulate(Batch batch, Counts total, long step) {
        double lambda = config.lambdaAt(step);
        return accumulateAt(batch, total, lambda).figures(lambda);
    }

    /**
     * The same with a lambda of the caller's.
     *
     * @param lambda weight of the squared TD residual; 0 is maximum likelihood
     */
    public LossSums accumulateAt(Batch batch, Counts total, double lambda) {
        Plan plan = plan(Use.TRAINING, batch);
        runGradient(plan, total, lambda);
        return terms.sums(batch, objective.read(plan, objective.training(), terms.inputs(batch)));
    }

    /** Adds the gradient to {@link #parameters} where it is computed. */
    private PlanSpec trainingSpec(Map<String, long[]> shapes) {
        PlanSpec spec = PlanSpec.of(shapes, objective.training()).adding(objective.parameterOfTerm().keySet());
        if (!gradientCheckpointing || model.layers().isEmpty()) {
            return spec;
        }
        return spec.recomputing(new PlanSpec.Recomputation(objective.training().get(0), model.layers()));
    }

    /** What a training step on a batch of this shape runs and costs beside parameters and gradients, without running it. */
    public PlanReport explain(BatchShape shape) {
        return model.cost(spec(new Key(Use.TRAINING, shape)));
    }

    @Override
    public Optional<Advice> advice(long step) {
        return config.lambdaAt(step) > 0 ? Optional.of(new Advice("lambda acts on values that are still far off", "let lambda begin later and rise more "
                + "slowly")) : Optional.empty();
    }

    @Override
    public Description describe() {
        return config.describe();
    }

    @Override
    public Optional<PlanReport> costs(BatchShape shape) {
        return Optional.of(explain(shape));
    }

    @Override
    public void dropoutKey(int key) {
        dropoutKey = key;
    }

    @Override
    public void profile(Profile sink) {
        profile = sink;
    }

    /** The gradient of one batch by parameter name, row-major, to the precision of the graph's own type. */
    Map<String, double[]> gradient(Batch batch, Counts total, double lambda) {
        Plan plan = plan(Use.GRADIENT, batch);
        runGradient(plan, total, lambda);
        Map<String, double[]> byName = new LinkedHashMap<>();
        for (String name : model.parameters()) {
            byName.put(name, objective.terms(name).stream().map(plan::read).reduce(SoftQ::sum).orElseThrow());
        }
        return byName;
    }

    private static double[] sum(double[] a, double[] b) {
        Arrays.setAll(a, i -> a[i] + b[i]);
        return a;
    }

    private static void runGradient(Plan plan, Counts total, double lambda) {
        plan.write(Terms.NLL_SCALE, total.responseTokens() == 0 ? 0 : 1.0 / total.responseTokens());
        plan.write(Terms.TD_SCALE, total.tdTerms() == 0 ? 0 : lambda / total.tdTerms());
        plan.run();
    }

    @Override
    public Figures evaluate(Batch batch, long step) {
        return evaluate(batch).figures(config.lambdaAt(step));
    }

    /** The same as sums, which know no lambda. */
    public LossSums evaluate(Batch batch) {
        return terms.sums(batch, values(batch));
    }

    /**
     * The reward that the model gives each scored token, r_t = Q(s_t, x_t) - gamma V(s_{t+1}): whatever lambda it was trained with, and without dropout.
     *
     * @return row by row, in the order of the tokens; without those whose d_t is 0, as where a response was cut off in training and the state that its
     *         last token leads to is missing
     */
    public List<TokenReward> rewards(Batch batch) {
        return terms.rewards(batch, values(batch));
    }

    private List<RowValues> values(Batch batch) {
        Plan plan = plan(Use.EVALUATION, batch);
        plan.run();
        return objective.read(plan, objective.evaluation(), terms.inputs(batch));
    }

    /** Frees plans and gradients; the model's variables stay. */
    @Override
    public void close() {
        plans.close();
        if (parameters != null) {
            parameters.close();
        }
    }
}
