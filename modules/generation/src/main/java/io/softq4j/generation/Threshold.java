package io.softq4j.generation;

import java.util.Arrays;

/**
 * The score from which on tokens are kept, without sorting: scores are sorted into buckets by their first bits, then those of the bucket
 * that is met by the next bits. Three passes over the scores, and sums in the order of the tokens.
 *
 * @param score greatest score for which the tokens of at least this score reach the target
 * @param above weight of the tokens of a greater score
 */
record Threshold(float score, double above) {

    /** Bits of a pass; together 32. */
    private static final int[] BITS = {11, 11, 10};

    /**
     * Where the sum over the greatest scores reaches {@code target}; the least score if it never does.
     *
     * @param weights one for each score, not negative; null if each weighs 1
     */
    static Threshold reaching(double target, float[] scores, double[] weights, int count) {
        double above = 0;
        int prefix = 0; // the bits that are known
        int known = 0;
        double[] buckets = new double[1 << BITS[0]];
        boolean[] present = new boolean[1 << BITS[0]];
        for (int bits : BITS) {
            Arrays.fill(buckets, 0);
            Arrays.fill(present, false);
            int shift = 32 - known - bits;
            int mask = (1 << bits) - 1;
            for (int i = 0; i < count; i++) {
                int key = key(scores[i]);
                if (known == 0 || key >>> 32 - known == prefix) {
                    int bucket = key >>> shift & mask;
                    buckets[bucket] += weights == null ? 1 : weights[i];
                    present[bucket] = true;
                }
            }
            int bucket = mask;
            int least = mask;
            for (; bucket >= 0; bucket--) {
                if (present[bucket]) {
                    least = bucket;
                    if (above + buckets[bucket] >= target) {
                        break;
                    }
                    above += buckets[bucket];
                }
            }
            if (bucket < 0) { // rounding, or a target beyond the sum: all are kept
                above -= buckets[least];
            }
            prefix = prefix << bits | least;
            known += bits;
        }
        return new Threshold(score(prefix), above);
    }

    /** Order of floats as unsigned integers; -0 is made 0. */
    private static int key(float score) {
        int bits = Float.floatToRawIntBits(score + 0f);
        return bits < 0 ? ~bits : bits | Integer.MIN_VALUE;
    }

    private static float score(int key) {
        return Float.intBitsToFloat(key < 0 ? key & Integer.MAX_VALUE : ~key);
    }
}
