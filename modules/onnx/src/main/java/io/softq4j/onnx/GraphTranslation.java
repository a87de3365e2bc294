package io.softq4j.onnx;

import io.softq4j.graph.plan.Plan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;

/**
 * The ops that some values of a SameDiff graph need, each written as ONNX by its {@link Translations translation}, in the graph's order.
 */
final class GraphTranslation {

    private final SameDiff source;
    private final OnnxGraph out;
    private final Map<String, long[]> shapes;
    private final List<SameDiffOp> required;
    /** ONNX names of SameDiff's variables. */
    private final Map<String, String> names = new HashMap<>();
    private Map<String, Integer> ranks;

    /**
     * Of {@code values}.
     *
     * @param shapes of the placeholders, any that fit: ranks are found by planning for them
     */
    GraphTranslation(SameDiff source, OnnxGraph out, Collection<String> values, Map<String, long[]> shapes) {
        this.source = source;
        this.out = out;
        this.shapes = shapes;
        this.required = required(values);
    }

    /** Ops the values depend on, in the graph's order, which is topological. */
    private List<SameDiffOp> required(Collection<String> values) {
        List<SameDiffOp> all = new ArrayList<>(source.getOps().values());
        Set<String> needed = new HashSet<>(values);
        Deque<SameDiffOp> kept = new ArrayDeque<>();
        for (int i = all.size() - 1; i >= 0; i--) {
            SameDiffOp op = all.get(i);
            if (op.getOutputsOfOp().stream().anyMatch(needed::contains)) {
                needed.addAll(op.getInputsToOp());
                kept.addFirst(op);
            }
        }
        return List.copyOf(kept);
    }

    /** Placeholders the values depend on. */
    Set<String> placeholders() {
        Set<String> read = new HashSet<>();
        for (SameDiffOp op : required) {
            op.getInputsToOp().stream().filter(name -> source.getVariable(name).isPlaceHolder()).forEach(read::add);
        }
        return read;
    }

    /** Fixes the ONNX name of a variable; {@code name} is one that {@link OnnxGraph#unique} gave. */
    void bind(String variable, String name) {
        names.put(variable, name);
    }

    /** Writes the ops. */
    void write() {
        for (SameDiffOp op : required) {
            List<String> inputs = op.getInputsToOp().stream().map(this::named).toList();
            List<String> outputs = op.getOutputsOfOp().stream().map(this::define).toList();
            Translations.translate(new Node(source, op, inputs, outputs, this::rank), out);
        }
    }

    /** ONNX name of a variable that is read; a parameter or constant is stored at its first use. */
    String named(String variable) {
        String known = names.get(variable);
        if (known != null) {
            return known;
        }
        String name = define(variable);
        out.weight(name, source.getVariable(variable).getArr());
        return name;
    }

    private String define(String variable) {
        return names.computeIfAbsent(variable, out::unique);
    }

    /** Rank of any variable: SameDiff does not keep it, but planning the graph for small shapes finds it without running anything. */
    private int rank(String variable) {
        if (ranks == null) {
            ranks = new LinkedHashMap<>();
            List<String> computed = required.stream().flatMap(op -> op.getOutputsOfOp().stream()).toList();
            try (Plan plan = Plan.compile(source, shapes, computed)) {
                computed.forEach(name -> ranks.put(name, plan.shape(name).length));
            }
        }
        Integer rank = ranks.get(variable);
        return rank == null ? source.getVariable(variable).getShape().length : rank;
    }
}
