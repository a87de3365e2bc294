package io.softq4j.graph.kernel;

import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Exchanges the two middle axes of {@code [N, A, B, K]}, given and returned flat as {@code [N, A B K]}: the output holds
 * {@code [N, B, A, K]}. The gradient is put back the same way. Copies K elements at once, in place where it may, which ND4J's permute does
 * not.
 */
public final class Regroup extends KernelOp {

    private final int groups;
    private final int parts;
    private final int width;

    /** Adds the op to {@code graph}. @param groups A @param parts B @param width K */
    public Regroup(SameDiff graph, SDVariable x, int groups, int parts, int width) {
        super(1, graph, x);
        this.groups = groups;
        this.parts = parts;
        this.width = width;
        addIArgument(groups, parts, width);
    }

    /** A. */
    public int groups() {
        return groups;
    }

    /** B. */
    public int parts() {
        return parts;
    }

    /** K. */
    public int width() {
        return width;
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long[] x = inputs.get(0);
        if (x.length != 2 || x[1] != (long) groups * parts * width) {
            throw new IllegalArgumentException("cannot regroup " + Arrays.toString(x) + " as rows of " + groups + " x " + parts + " x "
                    + width);
        }
        return List.of(x);
    }

    @Override
    public int inPlaceOf(int output) {
        return 0;
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return List.of(new Regroup(sameDiff, gradients.get(0), parts, groups, width).outputVariable());
    }
}
