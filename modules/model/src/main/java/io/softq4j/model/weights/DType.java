package io.softq4j.model.weights;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Element types of the safetensors format, named as in its header. Those of {@link #isReadable} convert to float32. */
public enum DType {
    BOOL(1), U8(1), I8(1), F8_E5M2(1), F8_E4M3(1), I16(2), U16(2), F16(2), BF16(2), I32(4), U32(4), F32(4), I64(8), U64(8), F64(8);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether {@link Safetensors#read} converts it to float32. */
    public boolean isReadable() {
        return this == F32 || this == F16 || this == BF16;
    }

    /** Appends all of {@code from}, little-endian, to {@code into}. */
    void toFloat(ByteBuffer from, FloatBuffer into) {
        switch (this) {
            case F32 -> into.put(from.asFloatBuffer());
            case F16 -> {
                for (int i = from.position(); i < from.limit(); i += Short.BYTES) {
                    into.put(half(from.getShort(i)));
                }
            }
            case BF16 -> {
                for (int i = from.position(); i < from.limit(); i += Short.BYTES) {
                    into.put(Float.intBitsToFloat(from.getShort(i) << 16));
                }
            }
            default -> throw new IllegalStateException(this + " has no conversion to float32");
        }
    }

    /** IEEE 754 binary16 to float32, subnormals, infinities and NaN included (the JDK has it from 20 on). */
    static float half(short bits) {
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
