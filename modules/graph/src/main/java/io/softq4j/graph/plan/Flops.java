package io.softq4j.graph.plan;

import io.softq4j.graph.kernel.KernelOp;
import java.util.List;
import org.nd4j.autodiff.functions.DifferentialFunction;

/** Counts floating-point operations: two for each multiply-add of a product, one for each element of anything else. */
final class Flops {

    private Flops() {
    }

    static long of(DifferentialFunction function, List<Value> inputs, List<Value> outputs) {
        if (function instanceof KernelOp kernel) {
            return kernel.flops(inputs.stream().map(v -> v.shape).toList());
        }
        long elements = outputs.stream().mapToLong(Value::elements).sum();
        if (Node.isAlias(function)) {
            return 0;
        }
        if (function.opName().equals("matmul") || function.opName().equals("mmul")) {
            long[] a = inputs.get(0).shape;
            long[] c = outputs.get(0).shape;
            long inner = inputs.get(0).elements() / Math.max(1, batch(c) * c[c.length - 2]);
            return a.length < 2 ? elements : Math.multiplyExact(2 * elements, inner);
        }
        if (function.opName().equals("matmul_bp")) {
            long[] upstream = inputs.get(2).shape;
            return Math.multiplyExact(4 * inputs.get(0).elements(), upstream[upstream.length - 1]);
        }
        return elements;
    }

    private static long batch(long[] shape) {
        long n = 1;
        for (int axis = 0; axis < shape.length - 2; axis++) {
            n *= shape[axis];
        }
        return n;
    }
}
