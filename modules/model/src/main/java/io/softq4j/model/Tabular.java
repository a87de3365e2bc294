package io.softq4j.model;

import io.softq4j.graph.Graphs;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One row of logits for each state and nothing shared between states: the model in which an objective shows what it does by itself.
 * {@code input_ids} are state numbers, targets are actions; positions and mask are not used.
 */
public final class Tabular {

    /** Name of the only parameter, {@code [states, actions]}. */
    public static final String TABLE = "table";

    private Tabular() {
    }

    /** All logits are 0 at first: the uniform policy. */
    public static ModelGraph build(int states, int actions, Lowering lowering, DataType type) {
        SameDiff graph = Graphs.create();
        Ops ops = new Ops(graph, lowering);
        SDVariable table = graph.var(TABLE, Nd4j.zeros(type, states, actions));
        SDVariable ids = ModelGraph.tokens(graph, ModelGraph.INPUT_IDS);
        return new ModelGraph(ops, type, actions, List.of(TABLE), ops.embedding(table, graph.reshape(ids, -1)));
    }
}
