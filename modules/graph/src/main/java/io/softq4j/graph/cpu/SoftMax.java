package io.softq4j.graph.cpu;

import io.softq4j.graph.kernel.RowFunction;
import io.softq4j.graph.machine.Exp;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.VectorMath;
import jdk.incubator.vector.FloatVector;

/** What softmax of a row of logits z at temperature tau takes, in pieces of {@link #BLOCK} elements at most. */
final class SoftMax {

    /** Elements of a piece, a multiple of every vector length. */
    static final int BLOCK = RowFunction.PIECE;

    private static final int SLOT = 14;

    private SoftMax() {
    }

    /**
     * The sum of e = exp(u) and of e u, u = (z - max) / tau, over the first {@code size} elements.
     *
     * @param sums the two are added to elements 0 and 1
     */
    static void sums(float[] z, int size, float max, double tau, double[] sums) {
        float[] e = Scratch.row(SLOT, 2 * BLOCK);
        float scale = (float) (1 / tau);
        Exp.of(z, e, size, max, scale);
        int whole = VectorMath.SPECIES.loopBound(size);
        float[] lanes = Scratch.row(SLOT - 1, 2 * VectorMath.SPECIES.length());
        lanes(z, e, whole, max, scale, lanes);
        for (int lane = 0; lane < VectorMath.SPECIES.length(); lane++) {
            sums[0] += lanes[lane];
            sums[1] += lanes[VectorMath.SPECIES.length() + lane];
        }
        for (int j = whole; j < size; j++) {
            sums[0] += e[j];
            sums[1] += e[j] * (double) ((z[j] - max) * scale);
        }
    }

    private static void lanes(float[] z, float[] e, int whole, float max, float scale, float[] lanes) {
        FloatVector minus = VectorMath.constant(max);
        FloatVector times = VectorMath.constant(scale);
        FloatVector sums = VectorMath.constant(0f);
        FloatVector weighted = sums;
        for (int j = 0; j < whole; j += VectorMath.SPECIES.length()) {
            FloatVector u = FloatVector.fromArray(VectorMath.SPECIES, z, j).sub(minus).mul(times);
            FloatVector x = FloatVector.fromArray(VectorMath.SPECIES, e, j);
            sums = sums.add(x);
            weighted = x.fma(u, weighted);
        }
        sums.intoArray(lanes, 0);
        weighted.intoArray(lanes, VectorMath.SPECIES.length());
    }

    /** z = factor exp((z - v) / tau), the probabilities times factor where v is the soft value; whole vectors. */
    static void gradient(float[] z, int size, float v, double tau, float factor) {
        Exp.of(z, z, size, v, (float) (1 / tau));
        FloatVector times = VectorMath.constant(factor);
        for (int j = 0; j < size; j += VectorMath.SPECIES.length()) {
            FloatVector.fromArray(VectorMath.SPECIES, z, j).mul(times).intoArray(z, j);
        }
    }

    /** z = (a + c u) exp(u), u = (z - v) / tau: where v is the soft value, u is the logarithm of the probability exp(u); whole vectors. */
    static void gradient(float[] z, int size, float v, double tau, float a, float c) {
        if (c == 0) {
            gradient(z, size, v, tau, a);
            return;
        }
        float scale = (float) (1 / tau);
        float[] e = Scratch.row(SLOT, 2 * BLOCK);
        Exp.of(z, e, size, v, scale);
        FloatVector minus = VectorMath.constant(v);
        FloatVector times = VectorMath.constant(scale);
        FloatVector constant = VectorMath.constant(a);
        FloatVector factor = VectorMath.constant(c);
        for (int j = 0; j < size; j += VectorMath.SPECIES.length()) {
            FloatVector u = FloatVector.fromArray(VectorMath.SPECIES, z, j).sub(minus).mul(times);
            u.fma(factor, constant).mul(FloatVector.fromArray(VectorMath.SPECIES, e, j)).intoArray(z, j);
        }
    }
}
