package io.softq4j.graph.machine;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The exponential of float arrays, a loop of its own: as a method on single vectors it may be compiled before its callers, which then do
 * not inline it and allocate its vectors, ten times slower.
 */
public final class Exp {

    // objects that exist: where a loop broadcasts them, HotSpot 17 allocates each anew
    private static final FloatVector LOW = VectorMath.constant(VectorMath.EXP_LOW);
    private static final FloatVector HIGH = VectorMath.constant(88f);
    public static final FloatVector LOG2_E = VectorMath.constant(VectorMath.LOG2_E);
    public static final FloatVector ROUNDER = VectorMath.constant(VectorMath.ROUNDER);
    public static final FloatVector MINUS_LN2_HIGH = VectorMath.constant(-VectorMath.LN2_HIGH);
    public static final FloatVector MINUS_LN2_LOW = VectorMath.constant(-VectorMath.LN2_LOW);
    public static final FloatVector C7 = VectorMath.constant(1.9875691500e-4f);
    public static final FloatVector C6 = VectorMath.constant(1.3981999507e-3f);
    public static final FloatVector C5 = VectorMath.constant(8.3334519073e-3f);
    public static final FloatVector C4 = VectorMath.constant(4.1665795894e-2f);
    public static final FloatVector C3 = VectorMath.constant(1.6666665459e-1f);
    public static final FloatVector C2 = VectorMath.constant(5.0000001201e-1f);

    private Exp() {
    }

    /**
     * to = e^((from - shift) scale) to about 1 unit in the last place where the exponent is in [-87, 88]; beyond, its value at the nearer
     * end. Whole vectors, so some elements after {@code size} are written too. The polynomial is Cephes' expf, in Estrin's order.
     */
    public static void of(float[] from, float[] to, int size, float shift, float scale) {
        FloatVector minus = VectorMath.constant(shift);
        FloatVector times = VectorMath.constant(scale);
        for (int i = 0; i < size; i += VectorMath.SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(VectorMath.SPECIES, from, i).sub(minus).mul(times);
            x = x.blend(LOW, x.compare(VectorOperators.LT, LOW));
            x = x.blend(HIGH, x.compare(VectorOperators.GT, HIGH));
            FloatVector shifted = x.fma(LOG2_E, ROUNDER);
            FloatVector n = shifted.sub(ROUNDER);
            FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, x));
            FloatVector square = r.mul(r);
            FloatVector p = r.fma(C7, C6).fma(square, r.fma(C5, C4)).fma(square, r.fma(C3, C2)).fma(square, r);
            // the integer n sits in the mantissa of `shifted`; moved into the exponent it is 2^n
            FloatVector power = shifted.viewAsIntegralLanes().add(127).lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes();
            p.fma(power, power).intoArray(to, i);
        }
    }
}
