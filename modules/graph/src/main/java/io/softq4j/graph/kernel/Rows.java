package io.softq4j.graph.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Reductions over one row. */
final class Rows {

    private Rows() {
    }

    static float sum(float[] row, int width) {
        FloatVector total = FloatVector.zero(VectorMath.SPECIES);
        int i = 0;
        for (int bound = VectorMath.SPECIES.loopBound(width); i < bound; i += VectorMath.SPECIES.length()) {
            total = total.add(FloatVector.fromArray(VectorMath.SPECIES, row, i));
        }
        float sum = total.reduceLanes(VectorOperators.ADD);
        for (; i < width; i++) {
            sum += row[i];
        }
        return sum;
    }

    /** Sum of (row - mean)^2. */
    static float squaredDeviation(float[] row, float mean, int width) {
        FloatVector total = FloatVector.zero(VectorMath.SPECIES);
        int i = 0;
        for (int bound = VectorMath.SPECIES.loopBound(width); i < bound; i += VectorMath.SPECIES.length()) {
            FloatVector d = FloatVector.fromArray(VectorMath.SPECIES, row, i).sub(mean);
            total = d.fma(d, total);
        }
        float sum = total.reduceLanes(VectorOperators.ADD);
        for (; i < width; i++) {
            sum += (row[i] - mean) * (row[i] - mean);
        }
        return sum;
    }

    static float dot(float[] a, float[] b, int width) {
        FloatVector total = FloatVector.zero(VectorMath.SPECIES);
        int i = 0;
        for (int bound = VectorMath.SPECIES.loopBound(width); i < bound; i += VectorMath.SPECIES.length()) {
            total = FloatVector.fromArray(VectorMath.SPECIES, a, i).fma(FloatVector.fromArray(VectorMath.SPECIES, b, i), total);
        }
        float sum = total.reduceLanes(VectorOperators.ADD);
        for (; i < width; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    static float max(float[] row, int width) {
        float max = Float.NEGATIVE_INFINITY;
        FloatVector most = FloatVector.broadcast(VectorMath.SPECIES, max);
        int i = 0;
        for (int bound = VectorMath.SPECIES.loopBound(width); i < bound; i += VectorMath.SPECIES.length()) {
            most = most.max(FloatVector.fromArray(VectorMath.SPECIES, row, i));
        }
        max = most.reduceLanes(VectorOperators.MAX);
        for (; i < width; i++) {
            max = Math.max(max, row[i]);
        }
        return max;
    }

    /** row = exp(row - shift) from {@code from} to {@code to}, whole vectors; minus infinity gives 0. */
    static void exp(float[] row, int from, int to, float shift) {
        for (int i = from; i < to; i += VectorMath.SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(VectorMath.SPECIES, row, i);
            VectorMath.exp(x.sub(shift)).blend(0f, x.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY)).intoArray(row, i);
        }
    }

    /** {@link #exp}, and the sum of what it gave. */
    static float expSum(float[] row, int from, int to, float shift) {
        exp(row, from, to, shift);
        FloatVector total = FloatVector.zero(VectorMath.SPECIES);
        for (int i = from; i < to; i += VectorMath.SPECIES.length()) {
            total = total.add(FloatVector.fromArray(VectorMath.SPECIES, row, i));
        }
        return total.reduceLanes(VectorOperators.ADD);
    }

    /** b = factor a (b - shift) from {@code from} to {@code to}, whole vectors. */
    static void timesDifference(float[] a, float[] b, float shift, float factor, int from, int to) {
        for (int i = from; i < to; i += VectorMath.SPECIES.length()) {
            FloatVector difference = FloatVector.fromArray(VectorMath.SPECIES, b, i).sub(shift).mul(factor);
            difference.mul(FloatVector.fromArray(VectorMath.SPECIES, a, i)).intoArray(b, i);
        }
    }
}
