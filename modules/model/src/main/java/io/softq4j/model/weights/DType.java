package io.softq4j.model.weights;

import io.softq4j.common.UserError;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Element types of the safetensors format, named as in its header. Those of {@link #isReadable} convert to float32. */
public enum DType {
    BOOL(1), U8(1), I8(1), F8_E5M2(1), F8_E4M3(1), F8_E8M0(1), I16(2), U16(2), F16(2), BF16(2), I32(4), U32(4), F32(4), I64(8), U64(8),
            F64(8), C64(8);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether {@link Safetensors#read} converts it to float32, which loses nothing. */
    public boolean isReadable() {
        return this == F32 || this == F16 || this == BF16;
    }

    /** Whether {@link Safetensors#write} converts float32 to it. */
    public boolean isWritable() {
        return this == F32 || this == BF16;
    }

    /** What PyTorch calls it, of those that can be written: {@code dtype} and {@code torch_dtype} of Hugging Face's configurations. */
    public String torchName() {
        return switch (this) {
            case F32 -> "float32";
            case BF16 -> "bfloat16";
            default -> throw new IllegalStateException(this + " is not written");
        };
    }

    /** This type, if weights can be written in it. */
    DType requireWritable() {
        if (!isWritable()) {
            throw new UserError("weights cannot be written as " + this + "; allowed are F32, which keeps every bit, and BF16, which takes "
                    + "half the"
                    + " space." + (this == F16 ? " F16 would turn weights beyond 65504 into infinities: choose BF16."
                    : " Choose one of them."));
        }
        return this;
    }

    /**
     * How many of the elements in {@code from}, little-endian, are NaN or infinite: those whose exponent has all bits set, several at a
     * time.
     */
    int countNonFinite(ByteBuffer from) {
        long exponent = switch (this) {
            case F32 -> 0x7f8000007f800000L;
            case BF16 -> 0x7f807f807f807f80L;
            case F16 -> 0x7c007c007c007c00L;
            default -> throw new IllegalStateException(this + " has no conversion to float32");
        };
        long one = exponent & ~(exponent << 1); // the lowest bit of each exponent
        long sign = this == F32 ? 0x8000000080000000L : 0x8000800080008000L;
        int count = 0;
        int at = from.position();
        for (; at + Long.BYTES <= from.limit(); at += Long.BYTES) {
            count += Long.bitCount((from.getLong(at) & exponent) + one & sign);
        }
        long rest = 0;
        for (int shift = 0; at < from.limit(); at++, shift += Byte.SIZE) {
            rest |= (from.get(at) & 0xffL) << shift;
        }
        return count + Long.bitCount((rest & exponent) + one & sign);
    }

    /** Appends all of {@code from}, little-endian, to {@code into}. */
    void toFloat(ByteBuffer from, FloatBuffer into) {
        if (this == F32) {
            into.put(from.asFloatBuffer());
            return;
        }
        ShortBuffer bits = from.asShortBuffer();
        int n = bits.remaining();
        int at = into.position();
        switch (this) {
            case F16 -> {
                for (int i = 0; i < n; i++) {
                    into.put(at + i, Binary16.toFloat(bits.get(i)));
                }
            }
            case BF16 -> {
                for (int i = 0; i < n; i++) {
                    into.put(at + i, BFloat16.toFloat(bits.get(i)));
                }
            }
            default -> throw new IllegalStateException(this + " has no conversion to float32");
        }
        into.position(at + n);
    }

    /** Puts {@code n} values of {@code from}, from index {@code at} on, to the beginning of {@code into}, little-endian. */
    void fromFloat(FloatBuffer from, int at, int n, ByteBuffer into) {
        switch (this) {
            case F32 -> into.asFloatBuffer().put(0, from, at, n);
            case BF16 -> {
                ShortBuffer bits = into.asShortBuffer();
                for (int i = 0; i < n; i++) {
                    bits.put(i, BFloat16.fromFloat(from.get(at + i)));
                }
            }
            default -> throw new IllegalStateException(this + " has no conversion from float32");
        }
    }
}
