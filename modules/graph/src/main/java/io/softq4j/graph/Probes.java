package io.softq4j.graph;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Arrays that carry a type and a shape to ND4J's shape functions, and no values. On the CPU all of them lie over one stretch of memory that nobody
 * touches, so that a plan costs nothing but its arena: an array made in the usual way is filled by ND4J, and so becomes resident.
 */
final class Probes implements AutoCloseable {

    private final List<BytePointer> memory = new ArrayList<>();
    private final List<INDArray> own = new ArrayList<>();
    private long capacity;

    INDArray array(DataType type, long[] shape) {
        if (!Nd4j.getEnvironment().isCPU()) {
            INDArray array = Nd4j.createUninitialized(type, shape, 'c');
            own.add(array);
            return array;
        }
        long length = Shape.lengthOf(shape);
        long bytes = Math.max(1, length * type.width());
        if (bytes > capacity) {
            capacity = Math.max(bytes, 2 * capacity);
            memory.add(new BytePointer(capacity));
        }
        return Nd4j.create(Nd4j.createBuffer(memory.get(memory.size() - 1).getPointer(0), length, type), shape);
    }

    @Override
    public void close() {
        memory.forEach(BytePointer::deallocate);
        own.forEach(INDArray::close);
    }
}
