package io.softq4j.graph.plan;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Arrays that carry a type and a shape to ND4J's shape functions, and no values. On the CPU all of them begin at one place that nobody reads or
 * writes, and claim any length, so that a plan costs nothing but its arena, and one that could never be run can still be described: an array made in
 * the usual way is filled by ND4J, and so becomes resident.
 */
final class Probes implements AutoCloseable {

    private final BytePointer memory = new BytePointer(Long.BYTES);
    private final List<INDArray> own = new ArrayList<>();

    INDArray array(DataType type, long[] shape) {
        if (!Nd4j.getEnvironment().isCPU()) {
            INDArray array = Nd4j.createUninitialized(type, shape, 'c');
            own.add(array);
            return array;
        }
        long length = Shape.lengthOf(shape);
        BytePointer claimed = memory.getPointer(0);
        claimed.capacity(Math.max(1, Math.multiplyExact(length, (long) type.width())));
        return Nd4j.create(Nd4j.createBuffer(claimed, length, type), shape);
    }

    @Override
    public void close() {
        memory.deallocate();
        own.forEach(INDArray::close);
    }
}
