package io.softq4j.graph.cpu;

import io.softq4j.graph.machine.Blocks;
import io.softq4j.graph.machine.Exp;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.VectorMath;
import jdk.incubator.vector.FloatVector;

/**
 * The tanh form of GELU (Hugging Face's {@code gelu_new}): 0.5 x (1 + tanh(u)), u = sqrt(2/pi) (x + 0.044715 x^3). Since 0.5 (1 + tanh u)
 * is the logistic function s of 2u, it is x s = x / (1 + exp(-2u)), and its derivative s + x s (1 - s) 2 u'. On blocks of
 * {@link Blocks#SIZE} at most.
 */
final class GeluNew {

    private static final int SLOT = 13;
    private static final float ROOT_2_OVER_PI = 0.7978845608f;
    private static final float CUBIC = 0.044715f;

    private static final FloatVector ONE = VectorMath.constant(1f);
    private static final FloatVector EXPONENT_CUBIC = VectorMath.constant(-2 * ROOT_2_OVER_PI * CUBIC);
    private static final FloatVector EXPONENT_LINEAR = VectorMath.constant(-2 * ROOT_2_OVER_PI);
    private static final FloatVector SLOPE_SQUARE = VectorMath.constant(6 * ROOT_2_OVER_PI * CUBIC);
    private static final FloatVector SLOPE_CONSTANT = VectorMath.constant(2 * ROOT_2_OVER_PI);

    private GeluNew() {
    }

    /** x becomes gelu(x). */
    static void value(float[] x, int size) {
        float[] e = exponentials(x, size);
        for (int i = 0; i < size; i += VectorMath.SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(VectorMath.SPECIES, x, i);
            v.div(FloatVector.fromArray(VectorMath.SPECIES, e, i).add(ONE)).intoArray(x, i);
        }
    }

    /** The gradient of gelu(x) becomes that of x, and x becomes gelu(x). */
    static void gradient(float[] x, float[] gradient, int size) {
        float[] e = exponentials(x, size);
        for (int i = 0; i < size; i += VectorMath.SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(VectorMath.SPECIES, x, i);
            FloatVector s = ONE.div(FloatVector.fromArray(VectorMath.SPECIES, e, i).add(ONE));
            FloatVector y = v.mul(s);
            FloatVector slope = v.mul(v).fma(SLOPE_SQUARE, SLOPE_CONSTANT);
            FloatVector derivative = y.sub(y.mul(s)).fma(slope, s);
            FloatVector.fromArray(VectorMath.SPECIES, gradient, i).mul(derivative).intoArray(gradient, i);
            y.intoArray(x, i);
        }
    }

    /** exp(-2u). */
    private static float[] exponentials(float[] x, int size) {
        float[] e = Scratch.row(SLOT, Blocks.SIZE);
        exponents(x, e, size);
        Exp.of(e, e, size, 0f, 1f);
        return e;
    }

    private static void exponents(float[] x, float[] e, int size) {
        for (int i = 0; i < size; i += VectorMath.SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(VectorMath.SPECIES, x, i);
            v.mul(v.mul(v).fma(EXPONENT_CUBIC, EXPONENT_LINEAR)).intoArray(e, i);
        }
    }
}
