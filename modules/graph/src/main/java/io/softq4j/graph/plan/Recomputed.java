package io.softq4j.graph.plan;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rewrites a schedule so that the backward pass computes again, just before it needs them, the values of the forward pass that are not
 * kept.
 */
final class Recomputed {

    private final Set<String> kept;
    private final Map<Value, Node> producers = new IdentityHashMap<>();
    private final Map<Value, Value> again = new IdentityHashMap<>();
    private final List<Node> result = new ArrayList<>();

    private Recomputed(Set<String> kept) {
        this.kept = kept;
    }

    /** @throws IllegalArgumentException if no op computes the last value of the forward pass */
    static List<Node> apply(List<Node> nodes, PlanSpec.Recomputation what) {
        int forward = 0;
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).outputs().stream().anyMatch(v -> v.name.equals(what.lastForward()))) {
                forward = i + 1;
            }
        }
        if (forward == 0) {
            throw new IllegalArgumentException("no op of the plan computes " + what.lastForward());
        }
        Recomputed rewrite = new Recomputed(what.kept());
        for (Node node : nodes.subList(0, forward)) {
            rewrite.result.add(node);
            node.outputs().forEach(output -> rewrite.producers.put(output, node));
        }
        for (Node node : nodes.subList(forward, nodes.size())) {
            List<Value> inputs = node.inputs().stream().map(rewrite::available).toList();
            rewrite.result.add(new Node(node.function(), inputs, node.outputs(), false));
        }
        return rewrite.result;
    }

    /** The value itself if it is kept or no part of the forward pass, else its second incarnation. */
    private Value available(Value value) {
        Node producer = producers.get(value);
        if (producer == null || kept.contains(value.name)) {
            return value;
        }
        Value known = again.get(value);
        if (known != null) {
            return known;
        }
        List<Value> inputs = producer.inputs().stream().map(this::available).toList();
        List<Value> outputs = new ArrayList<>();
        for (Value output : producer.outputs()) {
            Value alias = output.alias == null ? null : inputs.get(0);
            Value copy = new Value(output.name + "'", output.type, output.shape, output.source, alias);
            outputs.add(copy);
            again.put(output, copy);
        }
        result.add(new Node(producer.function(), inputs, outputs, true));
        return again.get(value);
    }
}
