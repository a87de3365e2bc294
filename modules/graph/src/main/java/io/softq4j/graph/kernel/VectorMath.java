package io.softq4j.graph.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Elementary functions on vectors of float32. */
final class VectorMath {

    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Below this exp is flushed to the smallest value the method gives (about 1e-38); above the other it would overflow. */
    private static final float EXP_LOW = -87f;
    private static final float EXP_HIGH = 88f;
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;

    /** Adding it rounds to an integer that then stands in the low mantissa bits. */
    private static final float ROUNDER = 12582912f;

    private VectorMath() {
    }

    /** e^x to about 2 units in the last place for x in [-87, 88]; clamped outside. The polynomial is Cephes' expf. */
    static FloatVector exp(FloatVector x) {
        FloatVector y = x.max(EXP_LOW).min(EXP_HIGH);
        FloatVector shifted = y.mul(LOG2_E).add(ROUNDER);
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = y.sub(n.mul(LN2_HIGH)).sub(n.mul(LN2_LOW));
        FloatVector p = r.mul(1.9875691500e-4f).add(1.3981999507e-3f);
        p = p.mul(r).add(8.3334519073e-3f);
        p = p.mul(r).add(4.1665795894e-2f);
        p = p.mul(r).add(1.6666665459e-1f);
        p = p.mul(r).add(5.0000001201e-1f);
        p = p.mul(r).mul(r).add(r).add(1f);
        // the integer n sits in the mantissa of `shifted`; moved into the exponent it is 2^n
        FloatVector power = shifted.viewAsIntegralLanes().add(127).lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes();
        return p.mul(power);
    }
}
