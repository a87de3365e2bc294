package io.softq4j.model;

import io.softq4j.graph.Ops;
import io.softq4j.graph.RowLossGraph;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanReport;
import io.softq4j.graph.plan.PlanSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The graph of a language model: from token ids to logits.
 *
 * @param ops        the vocabulary the graph was written with; what is added to the graph uses it too
 * @param type       floating type of parameters and logits
 * @param vocabulary V
 * @param parameters names of the trainable variables, in the order they are stored
 * @param frozen     names of the variables that keep their values
 * @param logits     {@code [N, V]}, N = B T; row n predicts the token after position n
 * @param output     the product the logits are, where they are one
 * @param layers     names of the values a layer starts from, for all layers; what else a layer computes can be computed again from them
 */
public record ModelGraph(Ops ops, DataType type, int vocabulary, List<String> parameters, List<String> frozen, SDVariable logits,
                         Optional<Output> output, Set<String> layers) {

    /**
     * The output layer: logits are hidden x table^T.
     *
     * @param hidden {@code [N, D]}
     * @param table  {@code [V, D]}, one of the parameters or frozen
     */
    public record Output(SDVariable hidden, SDVariable table) {
    }

    /** A model whose logits are no product. */
    public ModelGraph(Ops ops, DataType type, int vocabulary, List<String> parameters, SDVariable logits) {
        this(ops, type, vocabulary, parameters, List.of(), logits, Optional.empty(), Set.of());
    }

    /** Placeholder of token ids, int32 {@code [B, T]}. */
    public static final String INPUT_IDS = "input_ids";

    /** Placeholder of each token's position in its own sequence, int32 {@code [B, T]}. */
    public static final String POSITION_IDS = "position_ids";

    /**
     * Placeholder, int32 {@code [B, T]}: 1 for tokens, 0 for padding; packed sequences are numbered from 1. Equal numbers attend to each
     * other.
     */
    public static final String ATTENTION_MASK = "attention_mask";

    /** Placeholder of the token ids an encoder reads, int32 {@code [B, S]}; in graphs of encoder and decoder alone, as the next two. */
    public static final String SOURCE_IDS = "source_ids";

    /** Placeholder of each source token's position, int32 {@code [B, S]}. */
    public static final String SOURCE_POSITION_IDS = "source_position_ids";

    /**
     * Placeholder, int32 {@code [B, S]}: 0 for padding, else the number of the sequence of {@link #ATTENTION_MASK} that reads the token.
     */
    public static final String SOURCE_ATTENTION_MASK = "source_attention_mask";

    /**
     * Placeholder of the key of {@link Ops#dropout}, int32 {@code [1]}: 0 where nothing is to be dropped. Only graphs that drop have it.
     */
    public static final String DROPOUT_KEY = "dropout_key";

    /** What {@code ops} writes into. */
    public SameDiff graph() {
        return ops.graph();
    }

    /** Adds a loss on the rows of logits and its gradient by the {@link #parameters}; one loss a graph. */
    public RowLossGraph rowLoss(RowLossGraph.Loss loss) {
        return RowLossGraph.of(ops, new RowLossGraph.Rows(logits, output.map(o -> new RowLossGraph.Product(o.hidden(), o.table())),
                vocabulary, type),
                loss, parameters);
    }

    /** Whether the graph is of encoder and decoder, and so reads {@link #SOURCE_IDS} and the two placeholders next to it. */
    public boolean readsSource() {
        return graph().hasVariable(SOURCE_IDS);
    }

    /** Whether it has no weights, as {@link LanguageModel#outline} gives it: it can be planned with and not run. */
    public boolean outlined() {
        return variables().anyMatch(SDVariable::isPlaceHolder);
    }

    /** What a plan of this graph, perhaps an outline, runs and costs beside the variables themselves; nothing runs. */
    public PlanReport cost(PlanSpec spec) {
        PlanReport plan = Plan.describe(graph(), spec);
        // an outline's variables are placeholders, but no inputs of a step
        long variables = variables().filter(SDVariable::isPlaceHolder)
                .mapToLong(v -> Arrays.stream(v.getShape()).reduce(v.dataType().width(), Math::multiplyExact)).sum();
        return new PlanReport(plan.ops(), plan.arenaBytes(), plan.unsharedBytes(), plan.inputBytes() - variables, plan.recomputedOps());
    }

    private Stream<SDVariable> variables() {
        return Stream.concat(parameters.stream(), frozen.stream()).map(name -> graph().getVariable(name));
    }

    /** Number of scalars of the variables that train. */
    public long trainableCount() {
        return count(parameters);
    }

    /** Number of scalars of all variables, those of adapters too. */
    public long parameterCount() {
        return count(parameters) + count(frozen);
    }

    private long count(List<String> names) {
        return names.stream().mapToLong(name -> Arrays.stream(graph().getVariable(name).getShape()).reduce(1, Math::multiplyExact)).sum();
    }

    /** An int32 {@code [B, T]} placeholder with both extents open. */
    static SDVariable tokens(SameDiff graph, String name) {
        return graph.placeHolder(name, DataType.INT, -1, -1);
    }
}
