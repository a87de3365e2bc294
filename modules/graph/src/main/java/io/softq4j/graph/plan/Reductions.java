package io.softq4j.graph.plan;

import java.util.Set;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.linalg.api.ops.BaseReduceOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** Sums, means and maxima that can run without allocating. */
final class Reductions {

    /** Those ND4J has as custom ops too, under the same names and giving the same bits. */
    private static final Set<String> NAMES = Set.of("reduce_sum", "reduce_mean", "reduce_max");

    private Reductions() {
    }

    /** The op itself, or for a reduction, which allocates off the heap at every run, the custom op that computes the same. */
    static DifferentialFunction steady(DifferentialFunction function) {
        if (!(function instanceof BaseReduceOp reduction) || !NAMES.contains(function.opName())) {
            return function;
        }
        int[] axes = reduction.dimensions().toIntVector();
        boolean all = axes.length == 1 && axes[0] == Integer.MAX_VALUE;
        return DynamicCustomOp.builder(function.opName()).addBooleanArguments(reduction.isKeepDims())
                .addIntegerArguments(all ? new int[0] : axes).build();
    }
}
