package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Exchanges the two middle axes of {@code [N, A, B, K]}, given and returned flat as {@code [N, A B K]}: the output holds {@code [N, B, A, K]}. The
 * gradient is put back the same way. Copies K elements at once, in place where it may, which ND4J's permute does not.
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

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long[] x = inputs.get(0);
        if (x.length != 2 || x[1] != (long) groups * parts * width) {
            throw new IllegalArgumentException("cannot regroup " + Arrays.toString(x) + " as rows of " + groups + " x " + parts + " x " + width);
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

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        int rows = (int) inputs.get(0).size(0);
        int stride = groups * parts * width;
        FloatBuffer x = Memory.floats(inputs.get(0));
        FloatBuffer y = Memory.floats(outputs.get(0));
        return () -> Workers.rows(rows, stride, (piece, from, to) -> {
            float[] row = Scratch.row(0, stride);
            for (int i = from; i < to; i++) {
                x.get(i * stride, row, 0, stride);
                for (int a = 0; a < groups; a++) {
                    for (int b = 0; b < parts; b++) {
                        y.put(i * stride + (b * groups + a) * width, row, (a * parts + b) * width, width);
                    }
                }
            }
        });
    }
}
