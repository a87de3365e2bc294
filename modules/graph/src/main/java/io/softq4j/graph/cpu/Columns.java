package io.softq4j.graph.cpu;

import io.softq4j.graph.machine.Exp;
import io.softq4j.graph.machine.VectorMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * What softmax and its gradient need over each column of a tile {@code [rows, TILE]}, {@link Visibility#TILE} columns wide, of which the
 * first {@code columns} count. Columns lie across the lanes of vectors, so nothing is reduced within a vector.
 */
public final class Columns {

    private static final int TILE = Visibility.TILE;

    private Columns() {
    }

    /** most[c] = max(most[c], tile[., c]). */
    static void max(float[] tile, int rows, int columns, float[] most) {
        for (int c = 0; c < columns; c += VectorMath.SPECIES.length()) {
            maxOfVector(tile, rows, c, most);
        }
    }

    /** Rows by turns in four vectors, as each comparison waits for the one before. */
    private static void maxOfVector(float[] tile, int rows, int c, float[] most) {
        FloatVector a = FloatVector.fromArray(VectorMath.SPECIES, most, c);
        FloatVector b = a;
        FloatVector d = a;
        FloatVector e = a;
        int at = c;
        for (int bound = (rows - 3) * TILE; at < bound; at += 4 * TILE) {
            a = greater(a, FloatVector.fromArray(VectorMath.SPECIES, tile, at));
            b = greater(b, FloatVector.fromArray(VectorMath.SPECIES, tile, at + TILE));
            d = greater(d, FloatVector.fromArray(VectorMath.SPECIES, tile, at + 2 * TILE));
            e = greater(e, FloatVector.fromArray(VectorMath.SPECIES, tile, at + 3 * TILE));
        }
        for (; at < rows * TILE; at += TILE) {
            a = greater(a, FloatVector.fromArray(VectorMath.SPECIES, tile, at));
        }
        greater(greater(a, b), greater(d, e)).intoArray(most, c);
    }

    /** Two instructions, where {@code max} with its rules for NaN and -0 takes five; NaN is passed over. */
    private static FloatVector greater(FloatVector a, FloatVector b) {
        return a.blend(b, b.compare(VectorOperators.GT, a));
    }

    /** tile[., c] = exp(tile[., c] - shift[c]), and totals[c] += its sum. */
    public static void exp(float[] tile, int rows, int columns, float[] shift, float[] totals) {
        for (int c = 0; c < columns; c += VectorMath.SPECIES.length()) {
            expOfVector(tile, rows, c, shift, totals);
        }
    }

    /**
     * e^x to about 2 units in the last place for x in [-87, 88], 0 below, minus infinity included, anything above: the polynomial of
     * {@link Exp} in Estrin's order with fused multiply-adds, half as long a chain. Written out in the only loop that needs it, since a
     * method of this size may be compiled on its own before its caller, which then does not inline it and allocates its vectors.
     */
    private static void expOfVector(float[] tile, int rows, int c, float[] shift, float[] totals) {
        FloatVector s = FloatVector.fromArray(VectorMath.SPECIES, shift, c);
        FloatVector total = FloatVector.fromArray(VectorMath.SPECIES, totals, c);
        for (int at = c; at < rows * TILE; at += TILE) {
            FloatVector x = FloatVector.fromArray(VectorMath.SPECIES, tile, at).sub(s);
            FloatVector shifted = x.fma(Exp.LOG2_E, Exp.ROUNDER);
            FloatVector n = shifted.sub(Exp.ROUNDER);
            FloatVector r = n.fma(Exp.MINUS_LN2_LOW, n.fma(Exp.MINUS_LN2_HIGH, x));
            FloatVector square = r.mul(r);
            FloatVector high = r.fma(Exp.C7, Exp.C6);
            FloatVector middle = r.fma(Exp.C5, Exp.C4);
            FloatVector low = r.fma(Exp.C3, Exp.C2);
            FloatVector p = high.fma(square, middle).fma(square, low).fma(square, r);
            FloatVector power = shifted.viewAsIntegralLanes().add(127).lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes();
            FloatVector e = p.fma(power, power).blend(0f, x.compare(VectorOperators.LT, VectorMath.EXP_LOW));
            e.intoArray(tile, at);
            total = total.add(e);
        }
        total.intoArray(totals, c);
    }

    /** gradient[., c] = tile[., c] (gradient[., c] - mean[c]). */
    static void timesDifference(float[] tile, float[] gradient, int rows, int columns, float[] mean) {
        for (int c = 0; c < columns; c += VectorMath.SPECIES.length()) {
            FloatVector m = FloatVector.fromArray(VectorMath.SPECIES, mean, c);
            for (int at = c; at < rows * TILE; at += TILE) {
                FloatVector p = FloatVector.fromArray(VectorMath.SPECIES, tile, at);
                FloatVector.fromArray(VectorMath.SPECIES, gradient, at).sub(m).mul(p).intoArray(gradient, at);
            }
        }
    }

    /** row = row factors. */
    static void times(float[] row, float[] factors) {
        for (int c = 0; c < TILE; c += VectorMath.SPECIES.length()) {
            FloatVector.fromArray(VectorMath.SPECIES, row, c).mul(FloatVector.fromArray(VectorMath.SPECIES, factors, c)).intoArray(row, c);
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
