package io.softq4j.graph.machine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Scratch memory off the heap, where {@link Products} can read and write it, on the boundary of a cache line.
 *
 * @param address of the first element
 * @param floats  the same memory
 */
public record Tile(long address, FloatBuffer floats) {

    private static final int SLOTS = 8;

    /** Bytes of a cache line. */
    private static final int LINE = 64;

    private static final ThreadLocal<Tile[]> TILES = ThreadLocal.withInitial(() -> new Tile[SLOTS]);

    /** Memory of its own, freed when it is unreachable. */
    public static Tile allocate(int size) {
        int lines = (Math.multiplyExact(size, Float.BYTES) + LINE - 1) / LINE; // alignedSlice cuts a part of a line off at either end
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(lines + 1, LINE)).alignedSlice(LINE).order(ByteOrder.nativeOrder());
        FloatBuffer floats = bytes.asFloatBuffer().slice(0, size);
        return new Tile(new FloatPointer(floats).address(), floats);
    }

    /** Number {@code slot} (0 to 7) of this thread, at least {@code size} elements, holding anything; kept between runs. */
    public static Tile ofThread(int slot, int size) {
        Tile[] tiles = TILES.get();
        if (tiles[slot] == null || tiles[slot].floats.capacity() < size) {
            tiles[slot] = allocate(size);
        }
        return tiles[slot];
    }

    /** Address of an element. */
    public long at(long element) {
        return address + element * Float.BYTES;
    }
}
