package io.softq4j.objective;

import io.softq4j.graph.Gradients;
import io.softq4j.graph.Ops;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanCache;
import io.softq4j.graph.plan.PlanReport;
import io.softq4j.graph.plan.PlanSpec;
import io.softq4j.graph.plan.Profile;
import io.softq4j.graph.plan.SameDiffParameters;
import io.softq4j.model.ModelGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongToDoubleFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A logits objective is an objective that is given as an expression of the logits; the graph computes its gradient. The loss is
 *
 * <pre>
 *   L = sum_k w_k(step) (1/N) sum_t m_t x_k,t
 * </pre>
 *
 * with x_k the terms, m the mask of scored tokens and N their number. Such as maximum likelihood with a confidence penalty (Pereyra et al. 2017, arXiv
 * 1701.06548):
 *
 * <pre>
 *   new LogitsObjective(model.graph(), rows -&gt; List.of(Term.of("nll", rows.nll(), 1), Term.of("entropy", rows.entropy(), -0.1)))
 * </pre>
 *
 * <p>The name of each term is its key in {@code metrics.jsonl}; that two are the same is found when the objective is made. The logits {@code [N, V]} of a
 * batch are in memory as a whole, so a large vocabulary needs more of it than with
 * {@link io.softq4j.objective.softq.SoftQ}. Not safe for use by several threads at once.
 */
public final class LogitsObjective implements Objective {

    /**
     * What terms are made of, for the N = B T positions of a batch.
     *
     * @param ops     the vocabulary of expressions
     * @param logits  z {@code [N, V]}
     * @param targets the token to predict, int32 {@code [N]}
     * @param nll     -log softmax(z)[target] {@code [N]}, nats
     */
    public record Rows(Ops ops, SDVariable logits, SDVariable targets, SDVariable nll) {

        /** H of softmax(z) {@code [N]}, nats. */
        public SDVariable entropy() {
            SDVariable logPi = ops.graph().nn().logSoftmax(logits);
            return ops.graph().math().exp(logPi).mul(logPi).sum(1).neg();
        }
    }

    /**
     * A part of the loss.
     *
     * @param name   its key in metrics.jsonl, in snake_case
     * @param perRow x {@code [N]}, a value for each position
     * @param weight w of each update, counted from 0
     */
    public record Term(String name, SDVariable perRow, LongToDoubleFunction weight) {

        /** With a weight that stays. */
        public static Term of(String name, SDVariable perRow, double weight) {
            return new Term(name, perRow, step -> weight);
        }
    }

    private record Key(boolean training, BatchShape shape) {
    }

    private static final String TARGETS = "targets";
    private static final String MASK = "scored";
    private static final String WEIGHT = "weight_of_";

    private final ModelGraph model;
    private final List<Term> terms;
    private final SDVariable nll;
    private final SDVariable total;
    private final boolean gradientCheckpointing;
    private final Map<String, String> parameterOfGradient = new LinkedHashMap<>();
    private final Optional<SameDiffParameters> parameters;
    private final PlanCache<Key> plans;
    private Profile profile;
    private int dropoutKey;

    /** {@link #LogitsObjective(ModelGraph, Function, boolean)} that keeps all that the backward pass needs. */
    public LogitsObjective(ModelGraph model, Function<Rows, List<Term>> loss) {
        this(model, loss, false);
    }

    /**
     * Adds the terms and their gradient to the model's graph, of float32. One objective per graph.
     *
     * @param model                 an outline too, with which it can be asked for its {@link #costs} alone
     * @param gradientCheckpointing true: of the forward pass only what each layer starts from is kept, and the rest, the logits too, computed again for
     *                              the backward pass; less memory, more time, the same results
     * @throws IllegalArgumentException if there is no term, two have one name, or a name cannot be a key of {@code metrics.jsonl}
     */
    public LogitsObjective(ModelGraph model, Function<Rows, List<Term>> loss, boolean gradientCheckpointing) {
        this.model = model;
        this.gradientCheckpointing = gradientCheckpointing;
        SameDiff graph = model.graph();
        SDVariable targets = graph.placeHolder(TARGETS, DataType.INT, -1);
        Ops.SoftValue values = model.ops().softValues(model.logits(), targets, 1, model.vocabulary(), model.type());
        nll = values.value().sub(values.chosen());
        terms = List.copyOf(loss.apply(new Rows(model.ops(), model.logits(), targets, nll)));
        if (terms.isEmpty()) {
            throw new IllegalArgumentException("an objective needs a term");
        }
        new Figures(terms.stream().map(term -> new Figure(term.name(), Figure.Role.TERM, 0, 0, 0)).toList());    // refuses their names now
        SDVariable mask = graph.placeHolder(MASK, model.type(), -1);
        SDVariable sum = null;
        for (Term term : terms) {
            SDVariable part = term.perRow().mul(mask).sum().mul(graph.placeHolder(WEIGHT + term.name(), model.type()));
            sum = sum == null ? part : sum.add(part);
        }
        total = sum;
        Gradients.terms(total, model.parameters()).forEach((parameter, parts) -> parts.forEach(part -> parameterOfGradient.put(part.name(), parameter)));
        parameters = model.outlined() ? Optional.empty() : Optional.of(new SameDiffParameters(graph, model.parameters()));
        plans = parameters.map(known -> new PlanCache<Key>(graph, known, parameterOfGradient)).orElseGet(() -> new PlanCache<>(graph));
    }

    /** @throws IllegalStateException if the model is an outline */
    @Override
    public SameDiffParameters parameters() {
        return parameters.orElseThrow(() -> new IllegalStateException("an outline of a model has no weights to train"));
    }

    @Override
    public Figures accumulate(Batch batch, Counts total, long step) {
        Plan plan = plan(true, batch);
        for (Term term : terms) {
            plan.write(WEIGHT + term.name(), total.responseTokens() == 0 ? 0 : term.weight().applyAsDouble(step) / total.responseTokens());
        }
        plan.run();
        return figures(plan, batch, step);
    }

    @Override
    public Figures evaluate(Batch batch, long step) {
        Plan plan = plan(false, batch);
        plan.run();
        return figures(plan, batch, step);
    }

    private Plan plan(boolean training, Batch batch) {
        BatchInputs.requireReadable(batch, model);
        Plan plan = plans.get(new Key(training, batch.shape()), this::spec);
        plan.profile(training ? profile : null);
        BatchInputs.write(plan, batch);
        BatchInputs.write(plan, TARGETS, batch.targets());
        BatchInputs.write(plan, MASK, batch.nllMask());
        BatchInputs.write(plan, ModelGraph.DROPOUT_KEY, new int[] {training ? dropoutKey : 0});
        return plan;
    }

    private PlanSpec spec(Key key) {
        long[] flat = {(long) key.shape().rows() * key.shape().length()};
        Map<String, long[]> shapes = BatchInputs.shapes(key.shape());
        shapes.put(TARGETS, flat);
        shapes.put(MASK, flat);
        terms.forEach(term -> shapes.put(WEIGHT + term.name(), new long[0]));
        List<String> values = new ArrayList<>(terms.stream().map(term -> term.perRow().name()).toList());
        if (!key.training()) {
            return PlanSpec.of(shapes, values);
        }
        if (!gradientCheckpointing || model.layers().isEmpty()) {
            return PlanSpec.of(shapes, values).adding(parameterOfGradient.keySet());
        }
        values.add(total.name());    // with it the forward pass ends
        return PlanSpec.of(shapes, values).adding(parameterOfGradient.keySet()).recomputing(new PlanSpec.Recomputation(total.name(), model.layers()));
    }

    /** Added up in float64. */
    private Figures figures(Plan plan, Batch batch, long step) {
        Figures figures = Figures.NONE;
        for (Term term : terms) {
            double[] values = plan.read(term.perRow().name());
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += batch.nllMask()[i] == 0 ? 0 : values[i];
            }
            figures = figures.term(term.name(), sum, batch.counts().responseTokens(), term.weight().applyAsDouble(step));
        }
        return figures;
    }

    @Override
    public Description describe() {
        Map<String, String> figures = new LinkedHashMap<>();
        terms.forEach(term -> figures.put(term.name(), term.perRow() == nll ? Description.NLL_IS : "the mean over scored tokens of a term of that name"));
        return new Description("an expression over the logits", List.of(), Map.of(), figures,
                Optional.of("the sum of these means, each times its weight"), Optional.empty());
    }

    @Override
    public Optional<PlanReport> costs(BatchShape shape) {
        return Optional.of(model.cost(spec(new Key(true, shape))));
    }

    @Override
    public void dropoutKey(int key) {
        dropoutKey = key;
    }

    @Override
    public void profile(Profile sink) {
        profile = sink;
    }

    /** Frees plans and gradients; the model's variables stay. */
    @Override
    public void close() {
        plans.close();
        parameters.ifPresent(SameDiffParameters::close);
    }
}
