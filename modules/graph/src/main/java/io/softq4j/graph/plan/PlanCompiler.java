package io.softq4j.graph.plan;

import io.softq4j.graph.kernel.KernelOp;
import io.softq4j.graph.machine.Floats;
import io.softq4j.graph.machine.Memory;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Turns a graph into a {@link Plan}: a {@link Schedule}, part of it {@link Recomputed} where that is asked for, every value given its place
 * ({@link Placement}), every op bound to its arrays ({@link Binding}).
 */
final class PlanCompiler implements AutoCloseable {

    private final PlanSpec spec;
    private final Schedule schedule;
    private final List<Node> nodes;
    private final Placement placement;

    PlanCompiler(SameDiff graph, PlanSpec spec) {
        this.spec = spec;
        List<String> names = new ArrayList<>(spec.outputs());
        names.addAll(spec.sums());
        schedule = new Schedule(graph, spec.inputShapes(), names);
        nodes = spec.recomputation().map(what -> Recomputed.apply(schedule.nodes(), what)).orElseGet(schedule::nodes);
        List<Value> kept = spec.outputs().stream().map(schedule::value).toList();
        List<Value> sums = spec.sums().stream().map(schedule::value).toList();
        List<Value> inPlace = sums.stream().filter(this::addsItself).toList();
        placement = new Placement(nodes, kept, inPlace);
    }

    /** Whether the op that computes the value adds to it by itself. */
    private boolean addsItself(Value value) {
        return nodes.stream().anyMatch(node -> adds(node, node.outputs().indexOf(value)));
    }

    private static boolean adds(Node node, int output) {
        return output >= 0 && node.function() instanceof KernelOp kernel && kernel.adds(output);
    }

    PlanReport report() {
        return PlanReport.of(nodes, placement, schedule);
    }

    /** Memory that {@link #compile} needs. */
    long arenaBytes() {
        return Nd4j.getEnvironment().isCPU() ? placement.bytes() : 0;
    }

    /**
     * @param sums   the caller's array for each of {@link PlanSpec#sums}
     * @param memory at least {@link #arenaBytes}; not used on a GPU, where every value is an array of its own
     */
    Plan compile(Map<String, INDArray> sums, ArenaMemory memory) {
        List<INDArray> owned = new ArrayList<>(schedule.owned());
        schedule.inputs().values().forEach(input -> {
            input.array = Nd4j.create(input.type, input.shape);
            owned.add(input.array);
        });
        spec.sums().forEach(name -> {
            if (!sums.containsKey(name)) {
                throw new IllegalArgumentException("no array to add " + name + " to; there are " + sums.keySet());
            }
            Value value = schedule.value(name);
            if (!placement.holds(value)) {
                value.array = sums.get(name);
            }
        });
        PlanReport report = report();
        allocate(owned, memory);
        List<Step> steps = new ArrayList<>();
        List<Binding> bindings = new ArrayList<>();
        Set<Value> added = spec.sums().stream().map(schedule::value).filter(placement::holds).collect(Collectors.toSet());
        for (Node node : nodes) {
            if (!node.isAlias()) {
                clearing(node).ifPresent(steps::add);
                Binding binding = new Binding(node, arrays(node.inputs()), arrays(node.outputs()));
                bindings.add(binding);
                steps.add(new Step(node.kind(), node.flops(), node.traffic(), binding::run));
            }
            // at once: later the memory of the value may be another's
            node.outputs().stream().filter(added::contains).forEach(value -> steps.add(addition(value, sums.get(value.name))));
        }
        Map<String, INDArray> inputs = new LinkedHashMap<>();
        schedule.inputs().forEach((name, value) -> inputs.put(name, value.array));
        Map<String, INDArray> outputs = new LinkedHashMap<>();
        spec.outputs().forEach(name -> outputs.put(name, schedule.value(name).array));
        List<INDArray> variables = arrays(schedule.variables());
        return new Plan(inputs, outputs, steps, bindings, variables, owned, report);
    }

    private static List<INDArray> arrays(List<Value> values) {
        return values.stream().map(v -> v.array).toList();
    }

    private static Step addition(Value value, INDArray target) {
        FloatBuffer sum = Memory.floats(target);
        FloatBuffer more = Memory.floats(value.array);
        return new Step("add", value.elements(), 3 * value.bytes(), () -> Floats.add(sum, more));
    }

    /** What an op adds to starts from zero, unless it is the caller's. */
    private Optional<Step> clearing(Node node) {
        List<FloatBuffer> cleared = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < node.outputs().size(); i++) {
            Value output = node.outputs().get(i);
            if (adds(node, i) && placement.holds(output)) {
                cleared.add(Memory.floats(output.array));
                bytes += output.bytes();
            }
        }
        return cleared.isEmpty() ? Optional.empty() : Optional.of(new Step("clear", 0, bytes, () -> cleared.forEach(Floats::zero)));
    }

    /** Gives every computed value its array. */
    private void allocate(List<INDArray> owned, ArenaMemory memory) {
        for (Node node : nodes) {
            for (Value value : node.outputs()) {
                if (value.alias != null) {
                    value.array = value.alias.array.reshape('c', value.shape);
                } else if (value.array == null && Nd4j.getEnvironment().isCPU()) {
                    value.array = memory.array(value, placement.offset(value));
                } else if (value.array == null) {
                    value.array = Nd4j.create(value.type, value.shape);
                    owned.add(value.array);
                }
            }
        }
    }

    @Override
    public void close() {
        schedule.close();
    }
}
