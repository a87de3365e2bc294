package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.VectorMath;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rotary position embedding (Su et al. 2021, arXiv 2104.09864, eq. 34) with pairs as in Hugging Face's {@code rotate_half}: in the first R
 * dimensions of a head, elements i and i + R / 2 are turned by the angle of frequency i. The gradient is turned back.
 *
 * <p>Inputs x {@code [N, M]}, cos and sin {@code [N, R / 2]} from {@link RotaryAngles}; output {@code [N, M]}, where the first heads of width K are
 * turned, as query and key within qkv, and the columns after them are left as they are.
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

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        int rows = (int) inputs.get(0).size(0);
        int width = (int) inputs.get(0).size(1);
        int half = (int) inputs.get(1).size(1);
        FloatBuffer x = Memory.floats(inputs.get(0));
        FloatBuffer cos = Memory.floats(inputs.get(1));
        FloatBuffer sin = Memory.floats(inputs.get(2));
        FloatBuffer y = Memory.floats(outputs.get(0));
        boolean inPlace = Memory.address(inputs.get(0)) == Memory.address(outputs.get(0));
        int moved = inPlace ? heads * headWidth : width;
        return () -> Workers.rows(rows, moved, (piece, from, to) -> {
            float[] row = Scratch.row(0, moved);
            float[] c = Scratch.row(1, half);
            float[] s = Scratch.row(2, half);
            for (int i = from; i < to; i++) {
                x.get(i * width, row, 0, moved);
                cos.get(i * half, c, 0, half);
                sin.get(i * half, s, 0, half);
                if (back) {
                    negate(s, half);
                }
                for (int h = 0; h < heads; h++) {
                    turn(row, h * headWidth, c, s, half);
                }
                y.put(i * width, row, 0, moved);
            }
        });
    }

    private static void negate(float[] s, int half) {
        for (int j = 0; j < half; j++) {
            s[j] = -s[j];
        }
    }

    /** (a, b) becomes (a cos - b sin, b cos + a sin): a the {@code half} elements from {@code at}, b those after them. */
    private static void turn(float[] row, int at, float[] cos, float[] sin, int half) {
        int j = 0;
        for (int bound = VectorMath.SPECIES.loopBound(half); j < bound; j += VectorMath.SPECIES.length()) {
            FloatVector a = FloatVector.fromArray(VectorMath.SPECIES, row, at + j);
            FloatVector b = FloatVector.fromArray(VectorMath.SPECIES, row, at + half + j);
            FloatVector c = FloatVector.fromArray(VectorMath.SPECIES, cos, j);
            FloatVector s = FloatVector.fromArray(VectorMath.SPECIES, sin, j);
            a.mul(c).sub(b.mul(s)).intoArray(row, at + j);
            b.mul(c).add(a.mul(s)).intoArray(row, at + half + j);
        }
        for (; j < half; j++) {
            float a = row[at + j];
            float b = row[at + half + j];
            row[at + j] = a * cos[j] - b * sin[j];
            row[at + half + j] = b * cos[j] + a * sin[j];
        }
    }
}
