package io.softq4j.graph.plan;

import io.softq4j.graph.device.Device;
import io.softq4j.graph.device.Space;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The plans of one graph, by what they are for, in one arena: they run one after another, so that each may use all of it, and many shapes
 * cost no more memory than the largest. What a plan computed is to be read before another runs. Not safe for use by several threads at
 * once.
 *
 * @param <K> what a plan is for, such as a shape
 */
public final class PlanCache<K> implements AutoCloseable {

    private final SameDiff graph;
    private final Map<String, INDArray> sums = new LinkedHashMap<>();
    private final Map<K, Plan> plans = new LinkedHashMap<>();
    private final Device device = Devices.current();
    private Space memory; // null: none yet

    /** Plans that add to nothing. */
    public PlanCache(SameDiff graph) {
        this.graph = graph;
    }

    /**
     * Plans that add gradients up.
     *
     * @param parameters  has the arrays they are added to
     * @param parameterOf for each of the plans' sums the name of the parameter whose gradient it is part of
     */
    public PlanCache(SameDiff graph, SameDiffParameters parameters, Map<String, String> parameterOf) {
        this.graph = graph;
        parameterOf.forEach((sum, parameter) -> sums.put(sum, parameters.gradients().get(parameter)));
    }

    /** The plan for {@code key}, made where there is none. */
    public Plan get(K key, Function<K, PlanSpec> spec) {
        Plan known = plans.get(key);
        if (known != null) {
            return known;
        }
        try (PlanCompiler compiler = new PlanCompiler(graph, device, spec.apply(key))) {
            if (memory == null || compiler.arenaBytes() > memory.bytes()) {
                close(); // their values lie in the arena that is too small
                memory = device.allocate(compiler.arenaBytes());
            }
            Plan plan = compiler.compile(sums, memory);
            plans.put(key, plan);
            return plan;
        }
    }

    /** Frees all plans. */
    @Override
    public void close() {
        plans.values().forEach(Plan::close);
        plans.clear();
        if (memory != null) {
            memory.close();
            memory = null;
        }
    }
}
