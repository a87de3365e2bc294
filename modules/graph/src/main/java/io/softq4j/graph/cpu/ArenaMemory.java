package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Device;
import io.softq4j.graph.device.Space;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/** The memory of an arena, off the heap. */
final class ArenaMemory implements Space {

    private final BytePointer memory;
    private final long bytes;

    /** @throws OutOfMemoryError if the limits of JavaCPP do not allow so much */
    ArenaMemory(long bytes) {
        this.bytes = bytes;
        memory = bytes == 0 ? null : new BytePointer(Math.addExact(bytes, Device.ALIGNMENT));
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public INDArray array(DataType type, long[] shape, long offset) {
        long start = Math.floorMod(-memory.address(), Device.ALIGNMENT);
        return Nd4j.create(Nd4j.createBuffer(memory.getPointer(start + offset), Shape.lengthOf(shape), type), shape);
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.deallocate();
        }
    }
}
