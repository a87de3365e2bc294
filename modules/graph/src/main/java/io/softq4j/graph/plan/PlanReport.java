package io.softq4j.graph.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a plan runs and what it costs.
 *
 * @param ops            in the order they run
 * @param arenaBytes     memory of all intermediate values and outputs together
 * @param unsharedBytes  what they would take without sharing memory over time
 * @param inputBytes     memory of the placeholders
 * @param recomputedOps  how many ops of the forward pass run a second time
 */
public record PlanReport(List<Op> ops, long arenaBytes, long unsharedBytes, long inputBytes, int recomputedOps) {

    /**
     * One op.
     *
     * @param kind       as in a profile
     * @param outputs    what it computes
     * @param flops      floating-point operations of one run
     * @param traffic    bytes read and written, each operand once
     * @param recomputed whether it runs a second time, for the backward pass
     */
    public record Op(String kind, List<Buffer> outputs, long flops, long traffic, boolean recomputed) {
    }

    /**
     * Where a value lies.
     *
     * @param name   in the graph
     * @param shape  its extents
     * @param bytes  its size
     * @param offset in the arena; -1: elsewhere
     */
    public record Buffer(String name, List<Long> shape, long bytes, long offset) {
    }

    public PlanReport {
        ops = List.copyOf(ops);
    }

    static PlanReport of(List<Node> nodes, Placement placement, Schedule schedule) {
        List<Op> ops = new ArrayList<>();
        long unshared = 0;
        for (Node node : nodes) {
            List<Buffer> buffers = new ArrayList<>();
            for (Value value : node.outputs()) {
                long offset = placement.holds(value) ? placement.offset(value) : -1;
                buffers.add(new Buffer(value.name, Arrays.stream(value.shape).boxed().toList(), value.bytes(), offset));
                unshared += value.alias == null && offset >= 0 ? value.bytes() : 0;
            }
            ops.add(new Op(node.kind(), buffers, node.flops(), node.traffic(), node.recomputed()));
        }
        long inputs = schedule.inputs().values().stream().mapToLong(Value::bytes).sum();
        int recomputed = (int) nodes.stream().filter(Node::recomputed).count();
        return new PlanReport(ops, placement.bytes(), unshared, inputs, recomputed);
    }

    /** Floating-point operations of one run. */
    public long flops() {
        return ops.stream().mapToLong(Op::flops).sum();
    }

    /** Floating-point operations of one run that are spent on computing values again. */
    public long recomputedFlops() {
        return ops.stream().filter(Op::recomputed).mapToLong(Op::flops).sum();
    }

    /** A line for each op and one for the whole. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%-28s %-28s %14s %14s %12s%n", "op", "shape", "MFLOP", "bytes", "offset"));
        for (Op op : ops) {
            for (int i = 0; i < op.outputs().size(); i++) {
                Buffer buffer = op.outputs().get(i);
                String flops = i > 0 ? "" : String.format(Locale.ROOT, "%,.1f", op.flops() / 1e6);
                text.append(String.format(Locale.ROOT, "%-28s %-28s %14s %,14d %12s%n", i > 0 ? "" : op.kind() + (op.recomputed() ? " again"
                        : ""),
                        buffer.shape(), flops, buffer.bytes(), buffer.offset() < 0 ? "-" : Long.toString(buffer.offset())));
            }
        }
        return text.append(summary()).toString();
    }

    /** The whole in one line. */
    public String summary() {
        String again = recomputedOps == 0 ? "" : String.format(Locale.ROOT, ", of which %,.2f in %d ops that run again",
                recomputedFlops() / 1e9,
                recomputedOps);
        return String.format(Locale.ROOT, "%d ops, %,.2f GFLOP%s; arena %,d bytes (%,d without sharing), inputs %,d bytes", ops.size(),
                flops() / 1e9,
                again, arenaBytes, unsharedBytes, inputBytes);
    }
}
