package io.softq4j.graph.plan;

import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The memory of an arena, off the heap. */
final class ArenaMemory implements AutoCloseable {

    static final ArenaMemory EMPTY = new ArenaMemory(null, 0);

    private final BytePointer memory;
    private final long bytes;

    private ArenaMemory(BytePointer memory, long bytes) {
        this.memory = memory;
        this.bytes = bytes;
    }

    /** @throws OutOfMemoryError if the limits of JavaCPP do not allow so much */
    static ArenaMemory allocate(long bytes) {
        return bytes == 0 ? EMPTY : new ArenaMemory(new BytePointer(Math.addExact(bytes, Arena.ALIGNMENT)), bytes);
    }

    long bytes() {
        return bytes;
    }

    /** An array of a value at an offset; its elements hold anything. */
    INDArray array(Value value, long offset) {
        long start = Math.floorMod(-memory.address(), Arena.ALIGNMENT);
        return Nd4j.create(Nd4j.createBuffer(memory.getPointer(start + offset), value.elements(), value.type), value.shape);
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.deallocate();
        }
    }
}
