package io.softq4j.graph;

import io.softq4j.graph.kernel.ChunkedHead;
import io.softq4j.graph.kernel.RowExpansion;
import io.softq4j.graph.kernel.RowFunction;
import io.softq4j.graph.kernel.RowLoss;
import io.softq4j.graph.kernel.RowValues;
import io.softq4j.graph.plan.Plan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A loss on the rows of logits in the graph they come from, with the gradient of the graph's parameters: one op with the product that the
 * logits are where that is possible ({@link ChunkedHead}), else standard ops on the logits.
 */
public final class RowLossGraph {

    /**
     * Where the rows come from.
     *
     * @param logits  z {@code [N, V]}
     * @param product what z is the product of, or empty
     * @param width   V
     * @param type    of the logits
     */
    public record Rows(SDVariable logits, Optional<Product> product, int width, DataType type) {
    }

    /**
     * z = hidden x table^T.
     *
     * @param hidden {@code [N, D]}
     * @param table  {@code [V, D]}
     */
    public record Product(SDVariable hidden, SDVariable table) {
    }

    /**
     * A loss, by the names of the placeholders it reads. Each is made here.
     *
     * @param tau    temperature of V and of the probabilities
     * @param chosen of the column that each row picks, int32 {@code [N]}
     * @param next   of the number of the row after each row, N where there is none, int32 {@code [N]}; one op reads the next row in memory
     *               instead
     * @param inputs of the terms, each {@code [N]}, in the order that {@link RowValues#input} counts them
     * @param terms  whose sum the loss is, each times its scale
     */
    public record Loss(double tau, String chosen, String next, List<String> inputs, List<Term> terms) {

        private List<RowLoss> losses() {
            return terms.stream().map(Term::loss).toList();
        }
    }

    /**
     * A term.
     *
     * @param scale placeholder of its factor, a scalar; several terms may have the same
     */
    public record Term(RowLoss loss, String scale) {
    }

    private final Loss loss;
    private final int width;
    private final Ops.SoftValue evaluation;
    private final List<SDVariable> evaluationSums;
    private final Ops.SoftValue training;
    private final List<SDVariable> trainingSums;
    private final Map<String, List<SDVariable>> gradient;

    private RowLossGraph(Loss loss, int width, Ops.SoftValue evaluation, List<SDVariable> evaluationSums, Ops.SoftValue training,
            List<SDVariable> trainingSums, Map<String, List<SDVariable>> gradient) {
        this.loss = loss;
        this.width = width;
        this.evaluation = evaluation;
        this.evaluationSums = evaluationSums;
        this.training = training;
        this.trainingSums = trainingSums;
        this.gradient = gradient;
    }

    /** Adds the loss to a graph. @param parameters what the gradient is of */
    public static RowLossGraph of(Ops ops, Rows rows, Loss loss, Collection<String> parameters) {
        return rows.product().isPresent() && ops.fusesHead() ? fused(ops.graph(), rows, rows.product().get(), loss, parameters)
                : expanded(ops, rows, loss, parameters);
    }

    private static RowLossGraph fused(SameDiff graph, Rows rows, Product product, Loss loss, Collection<String> parameters) {
        SDVariable chosen = graph.placeHolder(loss.chosen(), DataType.INT, -1);
        List<SDVariable> inputs = loss.inputs().stream().map(name -> graph.placeHolder(name, rows.type(), -1)).toList();
        ChunkedHead.Loss terms = new ChunkedHead.Loss(loss.tau(), inputs, loss.losses());
        ChunkedHead values = new ChunkedHead(graph, product.hidden(), product.table(), chosen, terms);
        ChunkedHead.Wanted wanted = new ChunkedHead.Wanted(Gradients.depends(product.hidden(), parameters),
                Gradients.depends(product.table(), parameters));
        ChunkedHead head = new ChunkedHead(graph, product.hidden(), product.table(), chosen, terms, scales(graph, rows.type(), loss),
                wanted);
        Map<String, SDVariable> upstream = new LinkedHashMap<>();
        if (wanted.hidden()) {
            upstream.put(product.hidden().name(), head.hiddenGradient());
        }
        if (wanted.table()) {
            upstream.put(product.table().name(), head.tableGradient());
        }
        return new RowLossGraph(loss, rows.width(), read(values), values.sums(), read(head), head.sums(),
                Gradients.terms(upstream, graph, parameters));
    }

    private static Ops.SoftValue read(ChunkedHead head) {
        return new Ops.SoftValue(head.value(), head.chosen(), head.entropy());
    }

    /** The scale of each term. */
    private static List<SDVariable> scales(SameDiff graph, DataType type, Loss loss) {
        Map<String, SDVariable> made = new LinkedHashMap<>();
        return loss.terms().stream().map(term -> made.computeIfAbsent(term.scale(), name -> graph.placeHolder(name, type))).toList();
    }

    private static RowLossGraph expanded(Ops ops, Rows rows, Loss loss, Collection<String> parameters) {
        SameDiff graph = ops.graph();
        Ops.SoftValue values = ops.softValues(rows.logits(), graph.placeHolder(loss.chosen(), DataType.INT, -1), loss.tau(), rows.width(),
                rows.type());
        SDVariable next = graph.placeHolder(loss.next(), DataType.INT, -1);
        SDVariable zero = graph.constant(Nd4j.zeros(rows.type(), 1)); // what rows that have no next row read
        List<SDVariable> inputs = loss.inputs().stream().map(name -> graph.placeHolder(name, rows.type(), -1)).toList();
        List<SDVariable> scales = scales(graph, rows.type(), loss);
        List<SDVariable> sums = new ArrayList<>();
        SDVariable total = null;
        for (int i = 0; i < loss.terms().size(); i++) {
            RowLoss term = loss.terms().get(i).loss();
            List<SDVariable> own = term.function().map(f -> f.expansion(rows.logits())).orElse(List.of());
            sums.addAll(own);
            SDVariable scaled = term.expansion(new RowExpansion(values.value(), values.chosen(), values.entropy(), own, inputs,
                    v -> ops.lookup(graph.concat(0, v, zero), next), ops::stopGradient, rows.width())).mul(scales.get(i));
            total = total == null ? scaled : total.add(scaled);
        }
        return new RowLossGraph(loss, rows.width(), values, sums, values, sums, Gradients.terms(total, parameters));
    }

    /** Names of what an evaluation computes: V, q, H and the sums of the terms' functions. */
    public List<String> evaluation() {
        return names(evaluation, evaluationSums);
    }

    /** Names of the same, computed on the way to the gradient. The first is the last value of the forward pass. */
    public List<String> training() {
        return names(training, trainingSums);
    }

    private static List<String> names(Ops.SoftValue values, List<SDVariable> sums) {
        return Stream.concat(Stream.of(values.value(), values.chosen(), values.entropy()), sums.stream()).map(SDVariable::name).toList();
    }

    /**
     * What a plan computed, as each of the terms sees it.
     *
     * @param names  {@link #evaluation} or {@link #training}, whichever the plan was made for
     * @param inputs of the loss, as they were written
     */
    public List<RowValues> read(Plan plan, List<String> names, List<float[]> inputs) {
        List<RowValues> views = new ArrayList<>();
        int sum = 3;
        for (Term term : loss.terms()) {
            int own = term.loss().function().map(RowFunction::sums).orElse(0);
            views.add(new PlanRows(plan, names.subList(0, 3), names.subList(sum, sum + own), inputs, width));
            sum += own;
        }
        return views;
    }

    /** The parameter that each term of a gradient belongs to, by the name of the term. */
    public Map<String, String> parameterOfTerm() {
        Map<String, String> parameters = new LinkedHashMap<>();
        gradient.forEach((parameter, terms) -> {
            for (SDVariable term : terms) {
                if (parameters.putIfAbsent(term.name(), parameter) != null) {
                    throw new IllegalStateException(term.name() + " is the gradient of both " + parameters.get(term.name()) + " and "
                            + parameter);
                }
            }
        });
        return parameters;
    }

    /** Names of the terms of one parameter's gradient. */
    public List<String> terms(String parameter) {
        return gradient.get(parameter).stream().map(SDVariable::name).toList();
    }
}
