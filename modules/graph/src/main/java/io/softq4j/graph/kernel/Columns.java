package io.softq4j.graph.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * What softmax and its gradient need over each column of a tile {@code [rows, TILE]}, {@link Visibility#TILE} columns wide, of which the first
 * {@code columns} count. Columns lie across the lanes of vectors, so nothing is reduced within a vector.
 */
final class Columns {

    private static final int TILE = Visibility.TILE;

    private Columns() {
    }

    /** most[c] = max(most[c], tile[., c]). */
    static void max(float[] tile, int rows, int columns, float[] most) {
        for (int c = 0; c < columns; c += VectorMath.SPECIES.length()) {
            maxOfVector(tile, rows, c, most);
        }
    }

    /** Rows by turns in two vectors, as each comparison waits for the one before. */
    private static void maxOfVector(float[] tile, int rows, int c, float[] most) {
        FloatVector a = FloatVector.fromArray(VectorMath.SPECIES, most, c);
        FloatVector b = a;
        int r = 0;
        for (; r < rows - 1; r += 2) {
            FloatVector x = FloatVector.fromArray(VectorMath.SPECIES, tile, r * TILE + c);
            FloatVector y = FloatVector.fromArray(VectorMath.SPECIES, tile, (r + 1) * TILE + c);
            a = a.blend(x, x.compare(VectorOperators.GT, a));
            b = b.blend(y, y.compare(VectorOperators.GT, b));
        }
        if (r < rows) {
            FloatVector x = FloatVector.fromArray(VectorMath.SPECIES, tile, r * TILE + c);
            a = a.blend(x, x.compare(VectorOperators.GT, a));
        }
        a.blend(b, b.compare(VectorOperators.GT, a)).intoArray(most, c);
    }

    /** tile[., c] = exp(tile[., c] - shift[c]), and totals[c] += its sum. */
    static void exp(float[] tile, int rows, int columns, float[] shift, float[] totals) {
        for (int c = 0; c < columns; c += VectorMath.SPECIES.length()) {
            expOfVector(tile, rows, c, shift, totals);
        }
    }

    private static void expOfVector(float[] tile, int rows, int c, float[] shift, float[] totals) {
        FloatVector s = FloatVector.fromArray(VectorMath.SPECIES, shift, c);
        FloatVector total = FloatVector.fromArray(VectorMath.SPECIES, totals, c);
        for (int at = c; at < rows * TILE; at += TILE) {
            FloatVector p = VectorMath.expOrZero(FloatVector.fromArray(VectorMath.SPECIES, tile, at).sub(s));
            p.intoArray(tile, at);
            total = total.add(p);
        }
        total.intoArray(totals, c);
    }

    /** tile[., c] = p = exp(tile[., c] - shift[c]) and gradient[., c] = p (gradient[., c] - mean[c]). */
    static void softmaxGradient(float[] tile, float[] gradient, int rows, int columns, float[] shift, float[] mean) {
        for (int c = 0; c < columns; c += VectorMath.SPECIES.length()) {
            softmaxGradientOfVector(tile, gradient, rows, c, shift, mean);
        }
    }

    private static void softmaxGradientOfVector(float[] tile, float[] gradient, int rows, int c, float[] shift, float[] mean) {
        FloatVector s = FloatVector.fromArray(VectorMath.SPECIES, shift, c);
        FloatVector m = FloatVector.fromArray(VectorMath.SPECIES, mean, c);
        for (int at = c; at < rows * TILE; at += TILE) {
            FloatVector p = VectorMath.expOrZero(FloatVector.fromArray(VectorMath.SPECIES, tile, at).sub(s));
            p.intoArray(tile, at);
            FloatVector.fromArray(VectorMath.SPECIES, gradient, at).sub(m).mul(p).intoArray(gradient, at);
        }
    }

    /** When the greatest values seen grew from {@code before} to {@code most}: factors = exp(before - most), and totals *= factors. */
    static void shrink(float[] before, float[] most, float[] totals, float[] factors) {
        for (int c = 0; c < TILE; c += VectorMath.SPECIES.length()) {
            FloatVector old = FloatVector.fromArray(VectorMath.SPECIES, before, c);
            FloatVector factor = VectorMath.expOrZero(old.sub(FloatVector.fromArray(VectorMath.SPECIES, most, c)));
            factor.intoArray(factors, c);
            FloatVector.fromArray(VectorMath.SPECIES, totals, c).mul(factor).intoArray(totals, c);
        }
    }

    /** out = most + log(totals). */
    static void logSum(float[] most, float[] totals, float[] out) {
        for (int c = 0; c < TILE; c += VectorMath.SPECIES.length()) {
            FloatVector log = VectorMath.log(FloatVector.fromArray(VectorMath.SPECIES, totals, c));
            log.add(FloatVector.fromArray(VectorMath.SPECIES, most, c)).intoArray(out, c);
        }
    }
}
