package io.softq4j.graph.plan;

import io.softq4j.graph.device.Device;
import io.softq4j.graph.device.Space;
import io.softq4j.graph.device.Work;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
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
 * Turns a graph into a {@link Plan} on a device: a {@link Schedule}, part of it {@link Recomputed} where that is asked for, every value
 * given its place ({@link Placement}), every op bound to its arrays by the device's kernel.
 */
final class PlanCompiler implements AutoCloseable {

    private final Device device;
    private final PlanSpec spec;
    private final Schedule schedule;
    private final List<Node> nodes;
    private final Placement placement;
    private final Map<INDArray, Plan.Shared> shared = new IdentityHashMap<>(); // by the host's array
    private final List<INDArray> owned = new ArrayList<>();

    PlanCompiler(SameDiff graph, Device device, PlanSpec spec) {
        this.device = device;
        this.spec = spec;
        List<String> names = new ArrayList<>(spec.outputs());
        names.addAll(spec.sums());
        schedule = new Schedule(graph, device, spec.inputShapes(), names);
        nodes = spec.recomputation().map(what -> Recomputed.apply(schedule.nodes(), what)).orElseGet(schedule::nodes);
        List<Value> kept = spec.outputs().stream().map(schedule::value).toList();
        Set<Value> added = addedByTheirOps();
        List<Value> inPlace = spec.sums().stream().map(schedule::value).filter(added::contains).toList();
        placement = new Placement(nodes, kept, inPlace);
    }

    /** The values to which the ops that compute them add by themselves. */
    private Set<Value> addedByTheirOps() {
        Set<Value> added = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Node node : nodes) {
            for (int i = 0; i < node.outputs().size(); i++) {
                if (node.adds(i)) {
                    added.add(node.outputs().get(i));
                }
            }
        }
        return added;
    }

    PlanReport report() {
        return PlanReport.of(nodes, placement, schedule);
    }

    /** Memory that {@link #compile} needs. */
    long arenaBytes() {
        return placement.bytes();
    }

    /**
     * @param sums   the caller's array for each of {@link PlanSpec#sums}
     * @param memory of the device, at least {@link #arenaBytes}
     */
    Plan compile(Map<String, INDArray> sums, Space memory) {
        owned.addAll(schedule.owned());
        schedule.inputs().values().forEach(input -> {
            input.host = Nd4j.create(input.type, input.shape);
            owned.add(input.host);
        });
        spec.sums().forEach(name -> {
            if (!sums.containsKey(name)) {
                throw new IllegalArgumentException("no array to add " + name + " to; there are " + sums.keySet());
            }
            Value value = schedule.value(name);
            if (!placement.holds(value)) {
                value.array = resident(sums.get(name));
            }
        });
        PlanReport report = report();
        allocate(memory);
        List<Step> steps = new ArrayList<>();
        Set<Value> added = spec.sums().stream().map(schedule::value).filter(placement::holds).collect(Collectors.toSet());
        for (Node node : nodes) {
            if (!node.isAlias()) {
                clearing(node).ifPresent(steps::add);
                Work work = device.kernels().bind(node.function(), arrays(node.inputs()), arrays(node.outputs()));
                steps.add(new Step(node.kind(), node.flops(), node.traffic(), work));
            }
            // at once: later the memory of the value may be another's
            node.outputs().stream().filter(added::contains).forEach(value -> steps.add(addition(value, resident(sums.get(value.name)))));
        }
        Map<String, INDArray> inputs = new LinkedHashMap<>();
        schedule.inputs().forEach((name, value) -> inputs.put(name, value.host));
        List<Plan.Shared> written = new ArrayList<>();
        Map<String, INDArray> outputs = new LinkedHashMap<>();
        spec.outputs().forEach(name -> outputs.put(name, visible(schedule.value(name), written)));
        spec.sums().forEach(name -> written.add(shared.get(sums.get(name))));
        return new Plan(device, inputs, outputs, steps, read(sums), written, owned, report);
    }

    /** The device's array of one of the host's. */
    private INDArray resident(INDArray host) {
        return shared.computeIfAbsent(host, array -> {
            INDArray resident = device.resident(array);
            if (resident != array) {
                owned.add(resident);
            }
            return new Plan.Shared(array, resident);
        }).resident();
    }

    /** The host's array of an output. */
    private INDArray visible(Value value, List<Plan.Shared> written) {
        INDArray host = device.visible(value.array);
        if (host != value.array) {
            owned.add(host);
        }
        written.add(new Plan.Shared(host, value.array));
        return host;
    }

    /** What the host may change from now on. What is fixed is handed over once, here. */
    private List<Plan.Shared> read(Map<String, INDArray> sums) {
        List<INDArray> hosts = new ArrayList<>();
        for (Value source : schedule.sources()) {
            if (source.source != Value.Source.FIXED) {
                hosts.add(source.host);
            } else if (source.array != source.host) {
                device.toDevice(source.host, source.array);
            }
        }
        spec.sums().forEach(name -> hosts.add(sums.get(name)));
        Set<INDArray> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        return hosts.stream().filter(seen::add).map(shared::get).toList();
    }

    private static List<INDArray> arrays(List<Value> values) {
        return values.stream().map(v -> v.array).toList();
    }

    private Step addition(Value value, INDArray target) {
        return new Step("add", value.elements(), 3 * value.bytes(), device.add(target, value.array));
    }

    /** What an op adds to starts from zero, unless it is the caller's. */
    private Optional<Step> clearing(Node node) {
        List<Work> cleared = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < node.outputs().size(); i++) {
            Value output = node.outputs().get(i);
            if (node.adds(i) && placement.holds(output)) {
                cleared.add(device.clear(output.array));
                bytes += output.bytes();
            }
        }
        return cleared.isEmpty() ? Optional.empty() : Optional.of(new Step("clear", 0, bytes, () -> cleared.forEach(Work::run)));
    }

    /** Gives every value its array on the device. */
    private void allocate(Space memory) {
        schedule.sources().forEach(source -> source.array = resident(source.host));
        for (Node node : nodes) {
            for (Value value : node.outputs()) {
                if (value.alias != null) {
                    value.array = value.alias.array.reshape('c', value.shape);
                } else if (value.array == null) {
                    value.array = memory.array(value.type, value.shape, placement.offset(value));
                }
            }
        }
    }

    @Override
    public void close() {
        schedule.close();
    }
}
