package io.softq4j.graph.machine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Direct NIO views of ND4J arrays: on the CPU the same memory, no copy; with a GPU the host's copy, which
 * {@link io.softq4j.graph.plan.Plan} keeps in step. Writing through them allocates nothing off the heap, where an
 * {@code INDArray} made for the purpose stays until the garbage collector happens on it.
 */
public final class Memory {

    /** Largest array that one view covers. */
    public static final long MAX_VIEW_BYTES = Integer.MAX_VALUE;

    private Memory() {
    }

    /** View of a contiguous row-major float32 array. */
    public static FloatBuffer floats(INDArray array) {
        requireType(array, DataType.FLOAT);
        return bytes(array).asFloatBuffer();
    }

    /** View of {@code size} elements of a contiguous row-major float32 array of any size, from element {@code from}. */
    static FloatBuffer floats(INDArray array, long from, int size) {
        requireType(array, DataType.FLOAT);
        return bytes(array, from * Float.BYTES, (long) size * Float.BYTES).asFloatBuffer();
    }

    /** Address of the first element of a contiguous row-major array on the CPU. */
    public static long address(INDArray array) {
        if (!isRowMajor(array)) {
            throw new IllegalArgumentException("array is not contiguous in row-major order: " + array.shapeInfoToString());
        }
        return array.data().addressPointer().address();
    }

    /** View of a contiguous row-major float64 array. */
    public static DoubleBuffer doubles(INDArray array) {
        requireType(array, DataType.DOUBLE);
        return bytes(array).asDoubleBuffer();
    }

    /** View of a contiguous row-major int32 array. */
    public static IntBuffer ints(INDArray array) {
        requireType(array, DataType.INT);
        return bytes(array).asIntBuffer();
    }

    /**
     * Overwrites an int32 array.
     *
     * @param values row-major, one for each element
     */
    public static void write(INDArray array, int[] values) {
        requireLength(array, values.length);
        ints(array).put(0, values);
    }

    /**
     * Overwrites a float32 or float64 array.
     *
     * @param values row-major, one for each element
     */
    public static void write(INDArray array, float[] values) {
        requireLength(array, values.length);
        if (array.dataType() == DataType.DOUBLE) {
            DoubleBuffer doubles = bytes(array).asDoubleBuffer();
            for (float value : values) {
                doubles.put(value);
            }
        } else {
            floats(array).put(0, values);
        }
    }

    /** Overwrites a float32 or float64 array of one element. */
    public static void write(INDArray array, double value) {
        requireLength(array, 1);
        if (array.dataType() == DataType.DOUBLE) {
            bytes(array).putDouble(0, value);
        } else {
            floats(array).put(0, (float) value);
        }
    }

    /** Overwrites a float32 or float64 array with what {@code next} gives, in row-major order. */
    public static void fill(INDArray array, DoubleSupplier next) {
        ByteBuffer bytes = bytes(array);
        boolean doubles = array.dataType() == DataType.DOUBLE;
        for (long i = 0; i < array.length(); i++) {
            if (doubles) {
                bytes.putDouble(next.getAsDouble());
            } else {
                bytes.putFloat((float) next.getAsDouble());
            }
        }
    }

    private static void requireLength(INDArray array, int values) {
        if (array.length() != values) {
            throw new IllegalArgumentException(values + " values for an array of " + array.length() + ", " + array.shapeInfoToString());
        }
    }

    private static void requireType(INDArray array, DataType type) {
        if (array.dataType() != type) {
            throw new IllegalArgumentException("array is of type " + array.dataType() + ", not " + type);
        }
    }

    private static ByteBuffer bytes(INDArray array) {
        return bytes(array, 0, array.length() * array.dataType().width());
    }

    private static ByteBuffer bytes(INDArray array, long from, long size) {
        if (!isRowMajor(array)) {
            throw new IllegalArgumentException("array is not contiguous in row-major order: " + array.shapeInfoToString());
        }
        if (size > MAX_VIEW_BYTES) {
            throw new IllegalArgumentException("array of " + size + " bytes exceeds the 2 GiB of one NIO view: "
                    + array.shapeInfoToString());
        }
        BytePointer pointer = new BytePointer(array.data().addressPointer()).position(0);
        return pointer.getPointer(from).capacity(size).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** Whether an array is stored row by row without gaps; the stride of an extent of 1 does not matter. */
    public static boolean isRowMajor(INDArray array) {
        long expected = 1;
        for (int axis = array.rank() - 1; axis >= 0; axis--) {
            if (array.size(axis) != 1 && array.stride(axis) != expected) {
                return false;
            }
            expected *= array.size(axis);
        }
        return true;
    }
}
