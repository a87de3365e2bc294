package io.softq4j.graph.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Direct NIO views of ND4J arrays on the CPU: the same memory, no copy. */
public final class Memory {

    private Memory() {
    }

    /** View of a contiguous row-major float32 array. */
    public static FloatBuffer floats(INDArray array) {
        return bytes(array).asFloatBuffer();
    }

    /** View of a contiguous row-major int32 array. */
    public static IntBuffer ints(INDArray array) {
        return bytes(array).asIntBuffer();
    }

    private static ByteBuffer bytes(INDArray array) {
        if (!isContiguous(array)) {
            throw new IllegalArgumentException("array is not contiguous in row-major order: " + array.shapeInfoToString());
        }
        long size = array.length() * array.dataType().width();
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("array of " + size + " bytes exceeds the 2 GiB of one NIO view: " + array.shapeInfoToString());
        }
        BytePointer pointer = new BytePointer(array.data().addressPointer());
        return pointer.position(0).capacity(size).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** Row-major without gaps; the stride of an extent of 1 does not matter. */
    private static boolean isContiguous(INDArray array) {
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
