package io.softq4j.objective;

import io.softq4j.graph.Gradients;
import io.softq4j.graph.Ops;
import io.softq4j.graph.Plan;
import io.softq4j.graph.SameDiffParameters;
import io.softq4j.graph.kernel.Memory;
import io.softq4j.model.ModelGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A language model with the offline inverse-soft-Q objective (arXiv 2409.01369, Eq. 14):
 *
 * <pre>
 *   L = (1/N) sum_t m_t (-log pi_t)  +  (lambda/N_d) sum_t d_t delta_t^2
 *   V_t = tau logsumexp(z_t / tau)      log pi_t = (z_t[x_t] - V_t) / tau      delta_t = z_t[x_t] - gamma c_t V_{t+1}
 * </pre>
 *
 * The logits z themselves are the Q-values: there is no other head. m, d and c are {@link Batch}'s masks; a terminal state's value is 0. The sums
 * that are reported are added up in float64 on the host; the gradient is the graph's. Plans are kept by shape, so feed few different shapes. Not
 * safe for use by several threads at once.
 */
public final class SoftQ implements Trainable {

    private static final String TARGETS = "targets";
    private static final String NEXT_ROWS = "next_rows";
    private static final String NLL_MASK = "nll_mask";
    private static final String TD_MASK = "td_mask";
    private static final String CONTINUES = "continues";
    private static final String NLL_SCALE = "nll_scale";
    private static final String TD_SCALE = "td_scale";

    private record Shape(int rows, int length) {
    }

    private final ModelGraph model;
    private final SoftQConfig config;
    private final SameDiff graph;
    private final SameDiffParameters parameters;
    private final Ops.SoftValue values;
    private final Map<String, SDVariable> gradients;
    private final Map<Shape, Plan> trainingPlans = new LinkedHashMap<>();
    private final Map<Shape, Plan> evaluationPlans = new LinkedHashMap<>();

    /** Adds the objective and its gradient to the model's graph. One objective a graph. */
    public SoftQ(ModelGraph model, SoftQConfig config) {
        this.model = model;
        this.config = config;
        this.graph = model.graph();
        DataType type = model.type();
        values = model.ops().softValues(model.logits(), graph.placeHolder(TARGETS, DataType.INT, -1), config.tau(), model.vocabulary(), type);
        gradients = Gradients.of(loss(type), model.parameters());
        parameters = type == DataType.FLOAT ? new SameDiffParameters(graph, model.parameters()) : null;
    }

    private SDVariable loss(DataType type) {
        SDVariable v = values.value(); // [N]
        SDVariable q = values.chosen(); // [N]
        SDVariable next = config.stopGradient() ? model.ops().stopGradient(v) : v;
        // one more element, a zero, for the rows that have no next row
        SDVariable extended = graph.concat(0, next, graph.constant(Nd4j.zeros(type, 1)));
        SDVariable vNext = model.ops().lookup(extended, graph.placeHolder(NEXT_ROWS, DataType.INT, -1));
        SDVariable delta = q.sub(vNext.mul(graph.placeHolder(CONTINUES, type, -1)).mul(config.gamma()));
        SDVariable nll = v.sub(q).mul(1 / config.tau()).mul(graph.placeHolder(NLL_MASK, type, -1)).sum();
        SDVariable td = delta.mul(delta).mul(graph.placeHolder(TD_MASK, type, -1)).sum();
        return nll.mul(graph.placeHolder(NLL_SCALE, type)).add(td.mul(graph.placeHolder(TD_SCALE, type)));
    }

    /** @throws IllegalStateException if the model is not of float32: others are for checks, which read {@link #gradient} */
    @Override
    public SameDiffParameters parameters() {
        if (parameters == null) {
            throw new IllegalStateException("a model of type " + model.type() + " cannot be trained, only one of FLOAT");
        }
        return parameters;
    }

    @Override
    public LossSums accumulate(Batch batch, Counts total, double lambda) {
        Plan plan = runGradient(batch, total, lambda);
        for (int i = 0; i < model.parameters().size(); i++) {
            parameters().addGradient(i, plan.output(gradients.get(model.parameters().get(i)).name()));
        }
        return sums(batch, plan);
    }

    /** The gradient of one batch by parameter name, in the graph's own type; the arrays are overwritten by the next call. */
    Map<String, INDArray> gradient(Batch batch, Counts total, double lambda) {
        Plan plan = runGradient(batch, total, lambda);
        Map<String, INDArray> byName = new LinkedHashMap<>();
        model.parameters().forEach(name -> byName.put(name, plan.output(gradients.get(name).name())));
        return byName;
    }

    private Plan runGradient(Batch batch, Counts total, double lambda) {
        Plan plan = trainingPlans.computeIfAbsent(new Shape(batch.rows(), batch.length()), shape -> {
            List<String> outputs = new ArrayList<>(figures());
            model.parameters().forEach(name -> outputs.add(gradients.get(name).name()));
            return Plan.compile(graph, shapes(shape), outputs);
        });
        fill(plan, batch);
        Memory.write(plan.input(NLL_MASK), batch.nllMask());
        Memory.write(plan.input(TD_MASK), batch.tdMask());
        Memory.write(plan.input(CONTINUES), batch.continues());
        Memory.write(plan.input(NEXT_ROWS), nextRows(batch));
        Memory.write(plan.input(NLL_SCALE), total.responseTokens() == 0 ? 0 : 1.0 / total.responseTokens());
        Memory.write(plan.input(TD_SCALE), total.tdTerms() == 0 ? 0 : lambda / total.tdTerms());
        plan.run();
        return plan;
    }

    @Override
    public LossSums evaluate(Batch batch) {
        Plan plan = evaluationPlans.computeIfAbsent(new Shape(batch.rows(), batch.length()), shape -> Plan.compile(graph, shapes(shape), figures()));
        fill(plan, batch);
        plan.run();
        return sums(batch, plan);
    }

    private List<String> figures() {
        return List.of(values.value().name(), values.chosen().name(), values.entropy().name());
    }

    private static Map<String, long[]> shapes(Shape shape) {
        long[] tokens = {shape.rows(), shape.length()};
        long[] flat = {(long) shape.rows() * shape.length()};
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (String name : List.of(ModelGraph.INPUT_IDS, ModelGraph.POSITION_IDS, ModelGraph.ATTENTION_MASK)) {
            shapes.put(name, tokens);
        }
        for (String name : List.of(TARGETS, NEXT_ROWS, NLL_MASK, TD_MASK, CONTINUES)) {
            shapes.put(name, flat);
        }
        shapes.put(NLL_SCALE, new long[0]);
        shapes.put(TD_SCALE, new long[0]);
        return shapes;
    }

    private void fill(Plan plan, Batch batch) {
        requireIds(batch);
        tokens(plan, ModelGraph.INPUT_IDS, batch.inputIds());
        tokens(plan, ModelGraph.POSITION_IDS, batch.positionIds());
        tokens(plan, ModelGraph.ATTENTION_MASK, batch.segmentIds());
        Memory.write(plan.input(TARGETS), batch.targets());
    }

    private static void tokens(Plan plan, String name, int[] values) {
        if (plan.hasInput(name)) {
            Memory.write(plan.input(name), values);
        }
    }

    private void requireIds(Batch batch) {
        for (int target : batch.targets()) {
            if (target < 0 || target >= model.vocabulary()) {
                throw new IllegalArgumentException("target " + target + " is outside the vocabulary of " + model.vocabulary());
            }
        }
    }

    /** Index of the row after each row, or N where the sequence of the batch row ends. */
    private static int[] nextRows(Batch batch) {
        int n = batch.rows() * batch.length();
        int[] next = new int[n];
        for (int i = 0; i < n; i++) {
            next[i] = (i + 1) % batch.length() == 0 ? n : i + 1;
        }
        return next;
    }

    private LossSums sums(Batch batch, Plan plan) {
        INDArray v = plan.output(values.value().name());
        INDArray q = plan.output(values.chosen().name());
        INDArray h = plan.output(values.entropy().name());
        int[] next = nextRows(batch);
        double nll = 0;
        double td = 0;
        double entropy = 0;
        double value0 = 0;
        long starts = 0;
        for (int i = 0; i < next.length; i++) {
            if (batch.nllMask()[i] != 0) {
                nll += (v.getDouble(i) - q.getDouble(i)) / config.tau();
                entropy += h.getDouble(i);
                if (startsResponse(batch, i)) {
                    value0 += v.getDouble(i);
                    starts++;
                }
            }
            if (batch.tdMask()[i] != 0) {
                double vNext = next[i] == next.length ? 0 : v.getDouble(next[i]);
                double delta = q.getDouble(i) - config.gamma() * batch.continues()[i] * vNext;
                td += delta * delta;
            }
        }
        return new LossSums(nll, td, entropy, value0, starts, batch.counts());
    }

    private static boolean startsResponse(Batch batch, int i) {
        return i % batch.length() == 0 || batch.nllMask()[i - 1] == 0 || batch.segmentIds()[i - 1] != batch.segmentIds()[i];
    }

    /** Frees plans and gradients; the model's variables stay. */
    @Override
    public void close() {
        trainingPlans.values().forEach(Plan::close);
        evaluationPlans.values().forEach(Plan::close);
        if (parameters != null) {
            parameters.close();
        }
    }
}
