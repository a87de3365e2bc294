package io.softq4j.model.weights;

/** The {@code BF16} of safetensors: the upper half of a float32, so its range with 8 bits of precision. */
final class BFloat16 {

    private BFloat16() {
    }

    /** Exactly the same value as float32. */
    static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /**
     * The nearest bfloat16, ties to the even one. As IEEE 754 has it, values from 2^128 - 2^119 on become infinite; a NaN stays a NaN, its
     * sign and upper payload kept.
     */
    static short fromFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            // the quiet bit: a payload in the lower half alone would otherwise leave an infinity
            return (short) (bits >>> 16 | 0x40);
        }
        int lastKept = bits >>> 16 & 1;
        return (short) (bits + 0x7fff + lastKept >>> 16);
    }
}
