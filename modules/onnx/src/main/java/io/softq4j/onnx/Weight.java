package io.softq4j.onnx;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import onnx.Onnx.TensorProto;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * A tensor of the ONNX file, read where ND4J keeps it: off heap, without a copy, also beyond 2 GiB.
 *
 * @param name   name of the initializer
 * @param type   element type
 * @param values contiguous and row-major; float32 or int64
 */
record Weight(String name, TensorProto.DataType type, INDArray values) {

    /** Copies the array only if it is not contiguous in row-major order or has to become int64. */
    static Weight of(String name, INDArray array) {
        TensorProto.DataType type = ElementTypes.of(array.dataType(), name);
        INDArray values = type == TensorProto.DataType.INT64 ? array.castTo(DataType.LONG) : array;
        if (values.ordering() != 'c' || !Shape.hasDefaultStridesForShape(values)) {
            values = values.dup('c');
        }
        return new Weight(name, type, values);
    }

    long bytes() {
        return values.length() * values.dataType().width();
    }

    /** Extents; none for a scalar. */
    List<Long> shape() {
        return Arrays.stream(values.shape()).boxed().toList();
    }

    /**
     * A view of the memory from {@code offset}, in the machine's order, which ND4J has little-endian only; invalid once the array is freed.
     */
    ByteBuffer view(long offset, int size) {
        BytePointer start = new BytePointer(values.data().addressPointer());
        return start.getPointer(offset).capacity(size).asByteBuffer();
    }
}
