package io.softq4j.graph.kernel;

import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Rotary position embedding (Su et al. 2021, arXiv 2104.09864, eq. 34) with pairs as in Hugging Face's {@code rotate_half}: in the first R
 * dimensions of a head, elements i and i + R / 2 are turned by the angle of frequency i. The gradient is turned back.
 *
 * <p>Inputs x {@code [N, M]}, cos and sin {@code [N, R / 2]} from {@link RotaryAngles}; output {@code [N, M]}, where the first heads of
 * width K are turned, as query and key within qkv, and the columns after them are left as they are.
 */
public final class Rope extends KernelOp {

    private final int heads;
    private final int headWidth;
    private final boolean back;

    /** Adds the op to {@code graph}. @param heads how many are turned @param headWidth K */
    public Rope(SameDiff graph, SDVariable x, SDVariable cos, SDVariable sin, int heads, int headWidth) {
        this(graph, x, cos, sin, heads, headWidth, false);
    }

    private Rope(SameDiff graph, SDVariable x, SDVariable cos, SDVariable sin, int heads, int headWidth, boolean back) {
        super(1, graph, x, cos, sin);
        this.heads = heads;
        this.headWidth = headWidth;
        this.back = back;
        addIArgument(heads, headWidth);
        addBArgument(back);
    }

    /** How many heads are turned. */
    public int heads() {
        return heads;
    }

    /** K. */
    public int headWidth() {
        return headWidth;
    }

    /** Whether by the negative angles. */
    public boolean back() {
        return back;
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long[] x = inputs.get(0);
        long[] cos = inputs.get(1);
        if (x[0] != cos[0] || (long) heads * headWidth > x[1] || 2 * cos[1] > headWidth) {
            throw new IllegalArgumentException("cannot turn " + heads + " heads of width " + headWidth + " in " + Arrays.toString(x)
                    + " by the angles " + Arrays.toString(cos));
        }
        return List.of(x);
    }

    @Override
    public int inPlaceOf(int output) {
        return 0;
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return Arrays.asList(new Rope(sameDiff, gradients.get(0), arg(1), arg(2), heads, headWidth, !back).outputVariable(), null, null);
    }
}
