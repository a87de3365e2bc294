package io.softq4j.model.weights;

/**
 * IEEE 754 binary16, the {@code F16} of safetensors: 1 bit of sign, 5 of exponent with bias 15, 10 of fraction (the JDK has it from 20 on).
 */
final class Binary16 {

    /**
     * Every value; a look-up was measured at two to three times the speed of the arithmetic, and 256 KiB stay in the second-level cache.
     */
    private static final float[] VALUES = new float[1 << Short.SIZE];

    static {
        for (int bits = 0; bits < VALUES.length; bits++) {
            VALUES[bits] = convert(bits);
        }
    }

    private Binary16() {
    }

    /** Exactly the same value as float32; subnormals, infinities and the payload of a NaN included. */
    static float toFloat(short bits) {
        return VALUES[bits & 0xffff];
    }

    private static float convert(int bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >>> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        int magnitude = switch (exponent) {
            case 0 -> Float.floatToRawIntBits(fraction * 0x1p-24f);
            case 0x1f -> 0x7f800000 | fraction << 13;
            default -> exponent + 112 << 23 | fraction << 13;
        };
        return Float.intBitsToFloat(sign | magnitude);
    }
}
