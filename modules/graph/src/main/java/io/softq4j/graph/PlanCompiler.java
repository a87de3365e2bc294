package io.softq4j.graph;

import io.softq4j.graph.kernel.Floats;
import io.softq4j.graph.kernel.KernelOp;
import io.softq4j.graph.kernel.Memory;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BaseOp;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.StopGradient;
import org.nd4j.linalg.api.ops.impl.shape.Reshape;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Turns a graph into a {@link Plan} in two passes. The first infers shapes, computes what depends on shapes alone (so that it is not computed
 * again), and records lifetimes. The second places the values and binds the ops.
 */
final class PlanCompiler {

    /**
     * A value of the graph.
     *
     * <p>{@code probe} carries type and shape in the first pass; {@code array} is what the plan uses: set at once for inputs, variables, constants
     * and what depends on shapes alone, after placement for the rest. {@code block} is null where the arena does not hold it.
     */
    private static final class Value {
        private INDArray probe;
        private INDArray array;
        private Arena.Block block;
        /** The value whose memory this one shows under another shape, or null. */
        private Value alias;
        /** Computed from constants and shapes alone: known at compile time. */
        private boolean fixed;
    }

    private record Bound(DifferentialFunction function, List<Value> inputs, List<Value> outputs) {
    }

    private final SameDiff graph;
    private final Map<String, long[]> inputShapes;
    private final Collection<String> outputNames;
    private final OpExecutioner executioner = Nd4j.getExecutioner();
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, INDArray> inputs = new LinkedHashMap<>();
    private final List<Bound> ops = new ArrayList<>();
    private final Probes probes = new Probes();
    private final List<OpContext> contexts = new ArrayList<>();
    private final List<INDArray> variables = new ArrayList<>();
    private final List<INDArray> owned = new ArrayList<>();
    private final Arena arena = new Arena();

    PlanCompiler(SameDiff graph, Map<String, long[]> inputShapes, Collection<String> outputNames) {
        this.graph = graph;
        this.inputShapes = inputShapes;
        this.outputNames = outputNames;
        for (String name : outputNames) {
            if (!graph.hasVariable(name)) {
                throw new IllegalArgumentException("no such value in the graph: " + name);
            }
        }
    }

    Plan compile() {
        for (SameDiffOp op : required()) {
            infer(op);
        }
        for (String name : outputNames) {
            Value value = values.get(name);
            if (value.block != null) {
                value.block.usedAt(Integer.MAX_VALUE);
            }
        }
        BytePointer memory = allocate();
        probes.close();
        List<Runnable> steps = new ArrayList<>();
        for (Bound op : ops) {
            if (!isAlias(op.function())) {
                steps.add(bound(op.function(), op.inputs().stream().map(v -> v.array).toList(), op.outputs().stream().map(v -> v.array).toList()));
            }
        }
        Map<String, INDArray> outputs = new LinkedHashMap<>();
        outputNames.forEach(name -> outputs.put(name, values.get(name).array));
        return new Plan(inputs, outputs, steps.toArray(Runnable[]::new), contexts, variables, owned, memory);
    }

    /** Ops the outputs depend on, in the graph's order, which is topological. */
    private List<SameDiffOp> required() {
        List<SameDiffOp> all = new ArrayList<>(graph.getOps().values());
        Set<String> needed = new HashSet<>(outputNames);
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
        return values.computeIfAbsent(name, n -> {
            SDVariable variable = graph.getVariable(n);
            Value value = new Value();
            switch (variable.getVariableType()) {
                case PLACEHOLDER -> {
                    long[] shape = inputShapes.get(n);
                    if (shape == null) {
                        throw new IllegalArgumentException("placeholder " + n + " needs a shape; given are " + inputShapes.keySet());
                    }
                    value.array = Nd4j.create(variable.dataType(), shape);
                    inputs.put(n, value.array);
                    owned.add(value.array);
                }
                case CONSTANT -> {
                    value.array = variable.getArr();
                    value.fixed = true;
                }
                case VARIABLE -> {
                    value.array = variable.getArr();
                    variables.add(value.array);
                    if (!Memory.isRowMajor(value.array)) {
                        throw new IllegalArgumentException("variable " + n + " is not stored row by row; give it the array's dup('c')");
                    }
                }
                case ARRAY -> throw new IllegalStateException("value " + n + " is used before it is computed");
            }
            value.probe = value.array;
            return value;
        });
    }

    private void infer(SameDiffOp op) {
        DifferentialFunction function = Reductions.steady(op.getOp());
        List<Value> in = op.getInputsToOp().stream().map(this::source).toList();
        List<Value> out = new ArrayList<>();
        boolean fixed = function.opName().equals("shape_of") || in.stream().allMatch(v -> v.fixed);
        boolean alias = !fixed && isAlias(function);
        int step = ops.size();
        if (alias && in.size() > 1 && !in.get(1).fixed) {
            throw new IllegalArgumentException("the shape of " + op.getOutputsOfOp().get(0) + " is computed from values; a plan needs it "
                    + "from constants "
                    + "and shapes alone");
        }
        List<LongShapeDescriptor> shapes = shapes(function, in);
        for (int i = 0; i < op.getOutputsOfOp().size(); i++) {
            String name = op.getOutputsOfOp().get(i);
            DataType type = graph.getVariable(name).dataType();
            long[] shape = shapes.get(i).getShape();
            Value value = new Value();
            value.fixed = fixed;
            if (alias) {
                value.probe = in.get(0).probe.reshape('c', shape);
                value.block = in.get(0).block;
                value.alias = in.get(0);
            } else {
                value.probe = fixed ? Nd4j.createUninitialized(type, shape, 'c') : probes.array(type, shape);
                if (fixed) {
                    value.array = value.probe;
                    owned.add(value.array);
                } else {
                    value.block = arena.add(value.probe.length() * type.width(), step);
                }
            }
            values.put(name, value);
            out.add(value);
        }
        if (fixed) {
            bound(function, in.stream().map(v -> v.probe).toList(), out.stream().map(v -> v.probe).toList()).run();
        } else {
            in.stream().filter(v -> v.block != null).forEach(v -> v.block.usedAt(step));
            ops.add(new Bound(function, in, out));
        }
    }

    /** A contiguous array under another shape, or the same array: no work. */
    private static boolean isAlias(DifferentialFunction function) {
        return function instanceof Reshape || function instanceof StopGradient;
    }

    private List<LongShapeDescriptor> shapes(DifferentialFunction function, List<Value> in) {
        if (function instanceof KernelOp kernel) {
            List<long[]> shapes = kernel.outputShapes(in.stream().map(v -> v.probe.shape()).toList());
            return shapes.stream().map(s -> LongShapeDescriptor.fromShape(s, DataType.FLOAT)).toList();
        }
        OpContext context = executioner.buildContext();
        fill(context, function, in.stream().map(v -> v.probe).toList());
        List<LongShapeDescriptor> shapes = function instanceof DynamicCustomOp custom ? custom.calculateOutputShape(context)
                : ((BaseOp) function).calculateOutputShape(context);
        context.purge();
        return shapes;
    }

    private static void fill(OpContext context, DifferentialFunction function, List<INDArray> arrays) {
        if (function instanceof DynamicCustomOp custom) {
            context.setArgs(arrays.toArray(INDArray[]::new), custom.iArgs(), custom.dArgs(), custom.tArgs(), custom.bArgs());
        } else {
            context.setInputArrays(arrays.toArray(INDArray[]::new));
        }
    }

    /** Gives every value its array. @return the arena, or null where there is none */
    private BytePointer allocate() {
        long bytes = Nd4j.getEnvironment().isCPU() ? arena.place() : 0;
        BytePointer memory = bytes == 0 ? null : new BytePointer(bytes + Arena.ALIGNMENT);
        long start = memory == null ? 0 : Math.floorMod(-memory.address(), Arena.ALIGNMENT);
        for (Bound op : ops) {
            for (Value value : op.outputs()) {
                DataType type = value.probe.dataType();
                long[] shape = value.probe.shape();
                if (value.alias != null) {
                    value.array = value.alias.array.reshape('c', shape);
                } else if (memory == null) {
                    value.array = Nd4j.create(type, shape);
                    owned.add(value.array);
                } else {
                    BytePointer at = memory.getPointer(start + value.block.offset());
                    value.array = Nd4j.create(Nd4j.createBuffer(at, value.probe.length(), type), shape);
                }
            }
        }
        return memory;
    }

    private Runnable bound(DifferentialFunction function, List<INDArray> in, List<INDArray> out) {
        if (function instanceof KernelOp kernel) {
            Runnable bound = kernel.bind(in, out);
            List<FloatBuffer> sums = IntStream.range(0, out.size()).filter(kernel::adds).mapToObj(i -> Memory.floats(out.get(i))).toList();
            return sums.isEmpty() ? bound : () -> {
                sums.forEach(Floats::zero);
                bound.run();
            };
        }
        OpContext context = executioner.buildContext();
        contexts.add(context);
        fill(context, function, in);
        context.setOutputArrays(out.toArray(INDArray[]::new));
        if (function instanceof CustomOp custom) {
            return () -> executioner.exec(custom, context);
        }
        Op legacy = (Op) function;
        return () -> executioner.exec(legacy, context);
    }
}
