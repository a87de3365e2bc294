package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Space;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Arrays that carry a type and a shape to ND4J's shape functions, and no values. All of them begin at one place that nobody reads or
 * writes, and claim any length, so that a plan costs nothing but its arena, and one that could never be run can still be described: an
 * array made in the usual way is filled by ND4J, and so becomes resident.
 */
final class Probes implements Space {

    private final BytePointer memory = new BytePointer(Long.BYTES);

    @Override
    public long bytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public INDArray array(DataType type, long[] shape, long offset) {
        long length = Shape.lengthOf(shape);
        BytePointer claimed = memory.getPointer(0);
        claimed.capacity(Math.max(1, Math.multiplyExact(length, (long) type.width())));
        return Nd4j.create(Nd4j.createBuffer(claimed, length, type), shape);
    }

    @Override
    public void close() {
        memory.deallocate();
    }
}
