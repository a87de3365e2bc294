package io.softq4j.graph.plan;

import io.softq4j.graph.kernel.KernelOp;
import java.util.List;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.StopGradient;
import org.nd4j.linalg.api.ops.impl.shape.Reshape;

/**
 * An op that a plan runs.
 *
 * @param function   what it computes
 * @param inputs     in the order of the op
 * @param outputs    in the order of the op, then what its kernel works in
 * @param recomputed whether the forward pass ran it already and the backward pass runs it again
 */
record Node(DifferentialFunction function, List<Value> inputs, List<Value> outputs, boolean recomputed) {

    /** Whether its output is its input under another shape: no work. */
    boolean isAlias() {
        return isAlias(function) && outputs.get(0).alias != null;
    }

    /** A contiguous array under another shape, or the same array. */
    static boolean isAlias(DifferentialFunction function) {
        return function instanceof Reshape || function instanceof StopGradient;
    }

    /** Whether the op adds to this output instead of overwriting it. */
    boolean adds(int output) {
        return isOwn(output) && function instanceof KernelOp kernel && kernel.adds(output);
    }

    /** The input whose memory this output may take, or null. */
    Value inPlaceOf(int output) {
        int input = isOwn(output) && function instanceof KernelOp kernel ? kernel.inPlaceOf(output) : -1;
        return input < 0 ? null : inputs.get(input).root();
    }

    private boolean isOwn(int output) {
        return output < function.getNumOutputs();
    }

    /** The kind of work, as in a profile: the op's name without ND4J's or our prefix. */
    String kind() {
        return function instanceof KernelOp ? function.opName().substring("softq4j.".length()).replace('$', '.') : function.opName();
    }

    /** Floating-point operations of one run. */
    long flops() {
        return Flops.of(function, inputs, outputs);
    }

    /** Bytes read and written if every operand passes through memory once. */
    long traffic() {
        long bytes = 0;
        for (Value value : inputs) {
            bytes = Math.addExact(bytes, value.bytes());
        }
        for (Value value : outputs) {
            bytes = Math.addExact(bytes, value.bytes());
        }
        return isAlias() ? 0 : bytes;
    }
}
