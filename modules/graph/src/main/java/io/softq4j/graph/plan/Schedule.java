package io.softq4j.graph.plan;

import io.softq4j.graph.cpu.CpuDevice;
import io.softq4j.graph.cpu.Nd4jKernel;
import io.softq4j.graph.device.Device;
import io.softq4j.graph.device.Space;
import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.KernelOp;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.StopGradient;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The ops that the outputs of a plan need, in an order that can be run, with the shapes of all values. What depends on constants and shapes
 * alone is computed here, by the host, and leaves the schedule.
 */
final class Schedule implements AutoCloseable {

    private final SameDiff graph;
    private final Map<String, long[]> inputShapes;
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Value> inputs = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<INDArray> owned = new ArrayList<>();
    private final Device device;
    private final Space probes;

    /**
     * @throws IllegalArgumentException if an output is unknown, a placeholder has no shape, a variable is not stored row by row, or a shape
     *                                  is computed from values
     * @throws UnsupportedOperationException if the device has no kernel for an op
     */
    Schedule(SameDiff graph, Device device, Map<String, long[]> inputShapes, Collection<String> outputs) {
        this.graph = graph;
        this.device = device;
        probes = device.probes();
        this.inputShapes = inputShapes;
        for (String name : outputs) {
            if (!graph.hasVariable(name)) {
                throw new IllegalArgumentException("no such value in the graph: " + name);
            }
        }
        required(outputs).forEach(this::add);
        outputs.forEach(this::value);
    }

    /** In the order they run. */
    List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /** The placeholders that are needed, by name. */
    Map<String, Value> inputs() {
        return inputs;
    }

    /** The values that are not computed at every run: inputs, variables, and what is fixed. */
    List<Value> sources() {
        return values.values().stream().filter(v -> v.source != Value.Source.COMPUTED).toList();
    }

    /** Arrays of fixed values made here; the plan frees them. */
    List<INDArray> owned() {
        return owned;
    }

    /** A value by its name in the graph. */
    Value value(String name) {
        Value known = values.get(name);
        if (known == null) {
            known = source(name);
            values.put(name, known);
        }
        return known;
    }

    /** Ops the outputs depend on, in the graph's order, which is topological. */
    private List<SameDiffOp> required(Collection<String> outputs) {
        List<SameDiffOp> all = new ArrayList<>(graph.getOps().values());
        Set<String> needed = new HashSet<>(outputs);
        List<SameDiffOp> kept = new ArrayList<>();
        for (int i = all.size() - 1; i >= 0; i--) {
            SameDiffOp op = all.get(i);
            if (op.getOutputsOfOp().stream().anyMatch(needed::contains)) {
                needed.addAll(op.getInputsToOp());
                kept.add(0, op);
            }
        }
        return kept;
    }

    private Value source(String name) {
        SDVariable variable = graph.getVariable(name);
        return switch (variable.getVariableType()) {
            case PLACEHOLDER -> {
                Value value = new Value(name, variable.dataType(), inputShape(variable), Value.Source.INPUT, null);
                inputs.put(name, value);
                yield value;
            }
            case CONSTANT -> Value.fixed(name, variable.getArr());
            case VARIABLE -> Value.variable(name, variable.getArr());
            default -> throw new IllegalStateException("value " + name + " is used before it is computed");
        };
    }

    private long[] inputShape(SDVariable placeholder) {
        long[] given = inputShapes.get(placeholder.name());
        if (given != null) {
            return given;
        }
        long[] declared = placeholder.getShape();
        boolean complete = declared != null;
        for (int i = 0; complete && i < declared.length; i++) {
            complete = declared[i] >= 0;
        }
        if (!complete) {
            throw new IllegalArgumentException("placeholder " + placeholder.name() + " needs a shape; given are " + inputShapes.keySet());
        }
        return declared;
    }

    private void add(SameDiffOp op) {
        DifferentialFunction function = Reductions.steady(op.getOp());
        List<Value> in = op.getInputsToOp().stream().map(this::value).toList();
        boolean fixed = function.opName().equals("shape_of") || in.stream().allMatch(v -> v.source == Value.Source.FIXED);
        boolean alias = !fixed && Node.isAlias(function);
        if (alias && in.size() > 1 && in.get(1).source != Value.Source.FIXED) {
            throw new IllegalArgumentException("the shape of " + op.getOutputsOfOp().get(0) + " is computed from values; a plan needs it "
                    + "from constants and shapes alone");
        }
        List<long[]> shapes = shapes(function, in);
        List<Value> out = new ArrayList<>();
        for (int i = 0; i < op.getOutputsOfOp().size(); i++) {
            String name = op.getOutputsOfOp().get(i);
            DataType type = graph.getVariable(name).dataType();
            Value value;
            if (fixed) {
                value = Value.fixed(name, Nd4j.createUninitialized(type, shapes.get(i), 'c'));
                owned.add(value.host);
            } else {
                value = new Value(name, type, shapes.get(i), Value.Source.COMPUTED, alias ? in.get(0) : null);
            }
            values.put(name, value);
            out.add(value);
        }
        if (fixed) {
            try (Work work = CpuDevice.CPU.kernels().bind(function, in.stream().map(this::probe).toList(),
                    out.stream().map(v -> v.host).toList())) {
                work.run();
            }
        } else {
            if (!alias) {
                addScratch(function, in, op.getName(), out);
            }
            nodes.add(new Node(function, in, out, false));
        }
    }

    /** What the device's kernel works in lies in the arena too, for as long as the op runs. */
    private void addScratch(DifferentialFunction function, List<Value> in, String op, List<Value> out) {
        List<long[]> shapes = device.kernels().scratch(function, in.stream().map(v -> v.shape).toList());
        for (int i = 0; i < shapes.size(); i++) {
            out.add(Value.computed(op + " scratch " + i, DataType.FLOAT, shapes.get(i)));
        }
    }

    private List<long[]> shapes(DifferentialFunction function, List<Value> in) {
        if (function instanceof KernelOp kernel) {
            return kernel.outputShapes(in.stream().map(v -> v.shape).toList());
        }
        if (function instanceof StopGradient) {
            return List.of(in.get(0).shape);
        }
        return Nd4jKernel.shapes(function, in.stream().map(this::probe).toList()).stream().map(LongShapeDescriptor::getShape).toList();
    }

    /** The array itself where there is one, else one that has type and shape alone. */
    private INDArray probe(Value value) {
        return value.host != null ? value.host : probes.array(value.type, value.shape, 0);
    }

    /** Frees what only carried shapes. */
    @Override
    public void close() {
        probes.close();
    }
}
