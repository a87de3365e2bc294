package io.softq4j.graph.cpu;

import io.softq4j.common.Streams;
import io.softq4j.graph.kernel.Dropout;
import io.softq4j.graph.machine.VectorMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The random decisions of {@link Dropout}, a counter-based generator (the idea is that of Salmon et al. 2011, "Parallel random numbers: as
 * easy as 1, 2, 3"): element i is hashed with two words that depend on key and site,
 *
 * <pre>
 *   h_i = mix(mix(i + k_0) xor k_1)
 * </pre>
 *
 * and kept where the upper 24 bits of h are at least rate 2^24. mix is the 32-bit finaliser of MurmurHash3 (Appleby), which runs in the
 * lanes of a vector; k_0 and k_1 are the halves of the seed that {@link Streams} gives (key, site).
 */
final class DropoutBits {

    private static final int LANES = VectorMath.INTS.length();
    private static final IntVector LANE = IntVector.zero(VectorMath.INTS).addIndex(1);

    // objects that exist: where a loop broadcasts them, HotSpot 17 allocates each anew
    private static final IntVector FIRST = IntVector.broadcast(VectorMath.INTS, 0x85ebca6b);
    private static final IntVector SECOND = IntVector.broadcast(VectorMath.INTS, 0xc2b2ae35);

    private final int site;
    private final int threshold;
    private final int scale;

    /** @param rate in (0, 1) @param site any */
    DropoutBits(double rate, int site) {
        this.site = site;
        this.threshold = (int) Math.round(rate * (1 << 24));
        this.scale = Float.floatToRawIntBits((float) (1 / (1 - rate)));
    }

    /** k_1 and k_0. */
    long state(int key) {
        return Streams.seed("dropout at a site", key, site);
    }

    /**
     * Multiplies elements {@code from} to {@code from + size} of an array, which are {@code values}, by 0 or 1 / (1 - rate); whole vectors.
     */
    void multiply(long state, int from, float[] values, int size) {
        IntVector first = IntVector.broadcast(VectorMath.INTS, (int) state);
        IntVector second = IntVector.broadcast(VectorMath.INTS, (int) (state >>> 32));
        IntVector below = IntVector.broadcast(VectorMath.INTS, threshold);
        IntVector kept = IntVector.broadcast(VectorMath.INTS, scale);
        IntVector index = LANE.add(from).add(first);
        for (int i = 0; i < size; i += LANES) {
            IntVector h = index.add(i);
            h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16)).mul(FIRST);
            h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 13)).mul(SECOND);
            h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16)).lanewise(VectorOperators.XOR, second);
            h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16)).mul(FIRST);
            h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 13)).mul(SECOND);
            h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16));
            // all bits set where the difference is not negative
            IntVector mask = h.lanewise(VectorOperators.LSHR, 8).sub(below).lanewise(VectorOperators.ASHR, 31).not();
            FloatVector.fromArray(VectorMath.SPECIES, values, i).mul(mask.and(kept).viewAsFloatingLanes()).intoArray(values, i);
        }
    }
}
