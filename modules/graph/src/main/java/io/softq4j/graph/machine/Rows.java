package io.softq4j.graph.machine;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Reductions over one row. */
public final class Rows {

    private Rows() {
    }

    public static float sum(float[] row, int width) {
        FloatVector total = FloatVector.zero(VectorMath.SPECIES);
        int i = 0;
        for (int bound = VectorMath.SPECIES.loopBound(width); i < bound; i += VectorMath.SPECIES.length()) {
            total = total.add(FloatVector.fromArray(VectorMath.SPECIES, row, i));
        }
        float sum = VectorMath.sum(total);
        for (; i < width; i++) {
            sum += row[i];
        }
        return sum;
    }

    /** Sum of (row - mean)^2. */
    public static float squaredDeviation(float[] row, float mean, int width) {
        FloatVector total = FloatVector.zero(VectorMath.SPECIES);
        int i = 0;
        for (int bound = VectorMath.SPECIES.loopBound(width); i < bound; i += VectorMath.SPECIES.length()) {
            FloatVector d = FloatVector.fromArray(VectorMath.SPECIES, row, i).sub(mean);
            total = d.fma(d, total);
        }
        float sum = VectorMath.sum(total);
        for (; i < width; i++) {
            sum += (row[i] - mean) * (row[i] - mean);
        }
        return sum;
    }

    public static float dot(float[] a, float[] b, int width) {
        FloatVector total = FloatVector.zero(VectorMath.SPECIES);
        int i = 0;
        for (int bound = VectorMath.SPECIES.loopBound(width); i < bound; i += VectorMath.SPECIES.length()) {
            total = FloatVector.fromArray(VectorMath.SPECIES, a, i).fma(FloatVector.fromArray(VectorMath.SPECIES, b, i), total);
        }
        float sum = VectorMath.sum(total);
        for (; i < width; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    public static float max(float[] row, int width) {
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

    /** {@code count} elements from {@code from} on times {@code factor}. */
    public static void scale(float[] row, int from, int count, float factor) {
        int i = from;
        for (int bound = from + VectorMath.SPECIES.loopBound(count); i < bound; i += VectorMath.SPECIES.length()) {
            FloatVector.fromArray(VectorMath.SPECIES, row, i).mul(factor).intoArray(row, i);
        }
        for (; i < from + count; i++) {
            row[i] *= factor;
        }
    }
}
