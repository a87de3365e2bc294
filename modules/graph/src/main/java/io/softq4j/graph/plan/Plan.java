package io.softq4j.graph.plan;

import io.softq4j.graph.device.Device;
import io.softq4j.graph.device.Space;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A graph with fixed shapes, ready to run: ops in order, every intermediate value placed ahead of time in one arena, every op bound to its
 * arrays. Running it is a loop without allocation.
 *
 * <p>{@link #write} the inputs, {@link #run}, {@link #read} the outputs; where its values lie is the plan's own affair. Variables of the
 * graph are read where they are, so a change of a parameter is seen by the next run. Not safe for use by several threads at once.
 */
public final class Plan implements AutoCloseable {

    private final Device device;
    private final Map<String, INDArray> inputs;
    private final Map<String, INDArray> outputs;
    private final Map<String, Port> ports = new HashMap<>();
    private final Step[] steps;
    private final List<Shared> read;
    private final List<Shared> written;
    private final Collection<INDArray> owned;
    private Optional<Space> ownMemory = Optional.empty();
    private final PlanReport report;
    private Profile profile;
    private boolean closed;

    /** A value that host and device both have, each in an array of its own unless they share memory. */
    record Shared(INDArray host, INDArray resident) {
    }

    /**
     * @param inputs  the host's arrays
     * @param outputs the host's arrays
     * @param read    what the host may change between runs: inputs, variables of the graph, and the caller's sums
     * @param written what the host reads after a run: outputs, and the caller's sums
     * @param owned   arrays to be freed with the plan
     */
    Plan(Device device, Map<String, INDArray> inputs, Map<String, INDArray> outputs, List<Step> steps, List<Shared> read,
            List<Shared> written,
            Collection<INDArray> owned, PlanReport report) {
        this.device = device;
        this.inputs = inputs;
        this.outputs = outputs;
        this.steps = steps.toArray(Step[]::new);
        this.read = read;
        this.written = written;
        this.owned = owned;
        this.report = report;
    }

    /**
     * Plans the ops that the outputs need, and no others.
     *
     * @param graph       the graph; ops added to it later do not change the plan
     * @param inputShapes shape of each placeholder the outputs depend on
     * @param outputs     names of the values to keep
     * @throws IllegalArgumentException      if a placeholder has no shape here, an output is unknown, or a variable is not stored row by
     *                                       row
     * @throws UnsupportedOperationException if the device has no kernel for an op
     */
    public static Plan compile(SameDiff graph, Map<String, long[]> inputShapes, Collection<String> outputs) {
        return compile(graph, PlanSpec.of(inputShapes, outputs));
    }

    /** Plans what {@code spec}, which has no sums, asks for; else as the other. */
    public static Plan compile(SameDiff graph, PlanSpec spec) {
        return compile(graph, spec, Map.of(), Devices.current());
    }

    /**
     * Plans what {@code spec} asks for.
     *
     * @param sums for each of the spec's sums the float32 array of the caller that it is added to at every run
     * @throws IllegalArgumentException as the other, and if an array for a sum is missing
     */
    static Plan compile(SameDiff graph, PlanSpec spec, Map<String, INDArray> sums, Device device) {
        try (PlanCompiler compiler = new PlanCompiler(graph, device, spec)) {
            Space memory = device.allocate(compiler.arenaBytes());
            Plan plan = compiler.compile(sums, memory);
            plan.ownMemory = Optional.of(memory);
            return plan;
        }
    }

    /** What the plan would run and cost, without making it: nothing of the size of a value is allocated. */
    public static PlanReport describe(SameDiff graph, PlanSpec spec) {
        try (PlanCompiler compiler = new PlanCompiler(graph, Devices.current(), spec)) {
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

    /** Where the host sees an input or output. */
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
        for (Shared value : read) {
            device.toDevice(value.host(), value.resident());
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
        for (Shared value : written) {
            device.toHost(value.resident(), value.host());
        }
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
        for (Step step : steps) {
            step.work().close();
        }
        owned.forEach(INDArray::close);
        ownMemory.ifPresent(Space::close);
    }
}
