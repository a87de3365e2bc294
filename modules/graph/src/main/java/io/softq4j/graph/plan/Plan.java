package io.softq4j.graph.plan;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A graph with fixed shapes, ready to run: ops in order, every intermediate value placed ahead of time in one arena, every op bound to its arrays.
 * Running it is a loop without allocation.
 *
 * <p>{@link #write} the inputs, {@link #run}, {@link #read} the outputs; where its values lie is the plan's own affair. Variables of the graph are read
 * where they are, so a change of a parameter is seen by the next run. Not safe for use by several threads at once.
 */
public final class Plan implements AutoCloseable {

    private final Map<String, INDArray> inputs;
    private final Map<String, INDArray> outputs;
    private final Map<String, Port> ports = new HashMap<>();
    private final Step[] steps;
    private final Collection<Binding> bindings;
    private final Collection<INDArray> variables;
    private final Collection<INDArray> owned;
    private ArenaMemory ownMemory = ArenaMemory.EMPTY;
    private final PlanReport report;
    private Profile profile;
    private final boolean onHost = Nd4j.getEnvironment().isCPU();
    private boolean closed;

    /**
     * @param variables of the graph, which the host may change between runs
     * @param owned     arrays to be freed with the plan
     */
    Plan(Map<String, INDArray> inputs, Map<String, INDArray> outputs, List<Step> steps, Collection<Binding> bindings,
            Collection<INDArray> variables, Collection<INDArray> owned, PlanReport report) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.steps = steps.toArray(Step[]::new);
        this.bindings = bindings;
        this.variables = variables;
        this.owned = owned;
        this.report = report;
    }

    /**
     * Plans the ops that the outputs need, and no others.
     *
     * @param graph       the graph; ops added to it later do not change the plan
     * @param inputShapes shape of each placeholder the outputs depend on
     * @param outputs     names of the values to keep
     * @throws IllegalArgumentException if a placeholder has no shape here, an output is unknown, or a variable is not stored row by row
     */
    public static Plan compile(SameDiff graph, Map<String, long[]> inputShapes, Collection<String> outputs) {
        return compile(graph, PlanSpec.of(inputShapes, outputs));
    }

    /** Plans what {@code spec}, which has no sums, asks for; else as the other. */
    public static Plan compile(SameDiff graph, PlanSpec spec) {
        return compile(graph, spec, Map.of());
    }

    /**
     * Plans what {@code spec} asks for.
     *
     * @param sums for each of the spec's sums the float32 array of the caller that it is added to at every run
     * @throws IllegalArgumentException as the other, and if an array for a sum is missing
     */
    static Plan compile(SameDiff graph, PlanSpec spec, Map<String, INDArray> sums) {
        try (PlanCompiler compiler = new PlanCompiler(graph, spec)) {
            ArenaMemory memory = ArenaMemory.allocate(compiler.arenaBytes());
            Plan plan = compiler.compile(sums, memory);
            plan.ownMemory = memory;
            return plan;
        }
    }

    /** What the plan would run and cost, without making it: nothing of the size of a value is allocated. */
    public static PlanReport describe(SameDiff graph, PlanSpec spec) {
        try (PlanCompiler compiler = new PlanCompiler(graph, spec)) {
            return compiler.report();
        }
    }

    /** What the plan runs and costs. */
    public PlanReport explain() {
        return report;
    }

    /** From now on the time of every op is added to {@code sink}; null: no longer. */
    public void profile(Profile sink) {
        profile = sink;
    }

    /**
     * The input or output of this name, for who reads or writes it often or in part.
     *
     * @throws IllegalArgumentException if the plan has neither
     */
    public Port port(String name) {
        INDArray array = array(name);
        return ports.computeIfAbsent(name, n -> new Port(this, n, inputs.containsKey(n), array));
    }

    /** Overwrites an int32 placeholder, which is zero at first. @param values row-major, one for each element */
    public void write(String name, int[] values) {
        port(name).write(values);
    }

    /** Overwrites a float32 or float64 placeholder, which is zero at first. @param values row-major, one for each element */
    public void write(String name, float[] values) {
        port(name).write(values);
    }

    /** Overwrites a float32 or float64 placeholder of one element, which is zero at first. */
    public void write(String name, double value) {
        port(name).write(value);
    }

    /** A copy of a float32 or float64 output, row-major; the next {@link #run} overwrites the output. */
    public double[] read(String name) {
        return port(name).read();
    }

    /** The extents of an input or output. */
    public long[] shape(String name) {
        return array(name).shape();
    }

    /** Where an input or output lies. */
    INDArray array(String name) {
        requireOpen();
        INDArray array = inputs.containsKey(name) ? inputs.get(name) : outputs.get(name);
        if (array == null) {
            throw new IllegalArgumentException("no such value: " + name + "; there are the inputs " + inputs.keySet() + " and the outputs "
                    + outputs.keySet());
        }
        return array;
    }

    /** Whether the plan has this placeholder; one that no output depends on is left out. */
    public boolean hasInput(String name) {
        return inputs.containsKey(name);
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the plan is closed, its memory is freed");
        }
    }

    /** Runs every op once. */
    public void run() {
        requireOpen();
        if (!onHost) {
            inputs.values().forEach(Plan::changedOnHost);
            variables.forEach(Plan::changedOnHost);
        }
        if (profile == null) {
            for (Step step : steps) {
                step.work().run();
            }
        } else {
            for (Step step : steps) {
                long start = System.nanoTime();
                step.work().run();
                profile.add(step.kind(), System.nanoTime() - start, step.flops(), step.traffic());
            }
        }
        if (!onHost) {
            outputs.values().forEach(array -> Nd4j.getAffinityManager().ensureLocation(array, Location.HOST));
        }
    }

    /** On a GPU the host's copy, which optimiser and caches write to, is copied over before the next use. */
    private static void changedOnHost(INDArray array) {
        Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
    }

    /** Bytes of all intermediate values and outputs together. */
    public long arenaBytes() {
        return report.arenaBytes();
    }

    /** Number of ops run. */
    public int steps() {
        return steps.length;
    }

    /** Frees the inputs and the arena, unless other plans use it too; nothing can be read or written afterwards. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        bindings.forEach(Binding::close);
        owned.forEach(INDArray::close);
        ownMemory.close();
    }
}
