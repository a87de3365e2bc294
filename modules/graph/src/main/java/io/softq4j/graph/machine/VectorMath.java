package io.softq4j.graph.machine;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Elementary functions on vectors of float32. */
public final class VectorMath {

    public static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** As many lanes of int. */
    public static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    /** e to it is about the smallest float that is not denormal. */
    public static final float EXP_LOW = -87f;
    static final float LOG2_E = 1.44269504f;
    static final float LN2_HIGH = 0.693359375f;
    static final float LN2_LOW = -2.12194440e-4f;

    /** Adding it rounds to an integer that then stands in the low mantissa bits. */
    static final float ROUNDER = 12582912f;
    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

    private static final int MANTISSA = 0x7fffff;
    private static final int ONE = Float.floatToRawIntBits(1f);
    private static final float ROOT_2 = 1.41421356f;

    private static final int LANES_SLOT = 15;

    private VectorMath() {
    }

    /** All lanes the same. */
    public static FloatVector constant(float x) {
        return FloatVector.broadcast(SPECIES, x);
    }

    /** The lanes added up from the first to the last: {@code reduceLanes} adds them in another order in another JDK. */
    static float sum(FloatVector x) {
        float[] lanes = Scratch.row(LANES_SLOT, SPECIES.length());
        x.intoArray(lanes, 0);
        float sum = 0;
        for (int i = 0; i < SPECIES.length(); i++) {
            sum += lanes[i];
        }
        return sum;
    }

    /** ln x to about 1 unit in the last place for positive x that are not denormal; anything for others. The polynomial is Cephes' logf. */
    public static FloatVector log(FloatVector x) {
        IntVector bits = x.viewAsIntegralLanes();
        // x = 2^n m with m in [1, 2), halved where that brings it nearer to 1
        FloatVector m = bits.and(MANTISSA).or(ONE).viewAsFloatingLanes();
        IntVector exponent = bits.lanewise(VectorOperators.LSHR, 23).sub(127);
        VectorMask<Float> high = m.compare(VectorOperators.GT, ROOT_2);
        // an integer below 2^22 added to the bits of ROUNDER is the float ROUNDER + n
        FloatVector n = exponent.add(ROUNDER_BITS).viewAsFloatingLanes().sub(ROUNDER);
        n = n.blend(n.add(1f), high);
        FloatVector r = m.blend(m.mul(0.5f), high).sub(1f);
        return logNearOne(r).add(n.mul(LN2_LOW)).add(r).add(n.mul(LN2_HIGH));
    }

    /** ln(1 + r) - r. */
    private static FloatVector logNearOne(FloatVector r) {
        FloatVector p = r.mul(7.0376836292e-2f).sub(1.1514610310e-1f);
        p = p.mul(r).add(1.1676998740e-1f);
        p = p.mul(r).sub(1.2420140846e-1f);
        p = p.mul(r).add(1.4249322787e-1f);
        p = p.mul(r).sub(1.6668057665e-1f);
        p = p.mul(r).add(2.0000714765e-1f);
        p = p.mul(r).sub(2.4999993993e-1f);
        p = p.mul(r).add(3.3333331174e-1f);
        FloatVector square = r.mul(r);
        return p.mul(r).mul(square).sub(square.mul(0.5f));
    }
}
