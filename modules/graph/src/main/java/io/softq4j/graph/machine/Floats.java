package io.softq4j.graph.machine;

import java.nio.FloatBuffer;
import java.util.Arrays;

/** Element by element over whole float32 arrays, allocating nothing. */
public final class Floats {

    private Floats() {
    }

    /** Sets every element to zero. */
    public static void zero(FloatBuffer array) {
        Blocks.forEach(array.capacity(), (from, size) -> {
            float[] zeros = Scratch.row(0, Blocks.SIZE);
            Arrays.fill(zeros, 0, size, 0f);
            array.put(from, zeros, 0, size);
        });
    }

    /** a = a + b, for the first {@code size} elements. */
    public static void add(float[] a, float[] b, int size) {
        for (int i = 0; i < size; i++) {
            a[i] += b[i];
        }
    }

    /** Adds {@code more} to {@code array}, of the same length. */
    public static void add(FloatBuffer array, FloatBuffer more) {
        if (array.capacity() != more.capacity()) {
            throw new IllegalArgumentException("lengths differ: " + array.capacity() + " and " + more.capacity());
        }
        Blocks.forEach(array.capacity(), (from, size) -> {
            float[] a = Scratch.row(0, Blocks.SIZE);
            float[] b = Scratch.row(1, Blocks.SIZE);
            array.get(from, a, 0, size);
            more.get(from, b, 0, size);
            add(a, b, size);
            array.put(from, a, 0, size);
        });
    }
}
