package io.softq4j.training;

import io.softq4j.graph.plan.Parameters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Parameters in direct memory, for tests. */
public final class Slots implements Parameters {

    private final List<Slot> slots = new ArrayList<>();

    public Slots add(String name, Integer... shape) {
        int size = 1;
        for (int extent : shape) {
            size *= extent;
        }
        slots.add(new Slot(name, List.of(shape), direct(size), direct(size)));
        return this;
    }

    private static FloatBuffer direct(int size) {
        return ByteBuffer.allocateDirect(4 * size).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    @Override
    public List<Slot> slots() {
        return slots;
    }

    @Override
    public void zeroGradients() {
        for (Slot slot : slots) {
            for (int i = 0; i < slot.size(); i++) {
                slot.gradients().put(i, 0);
            }
        }
    }

    /** Bits of every value, slot after slot. */
    public int[] bits() {
        return slots.stream().flatMapToInt(s -> java.util.stream.IntStream.range(0, s.size()).map(i -> Float.floatToRawIntBits(s.values().get(i))))
                .toArray();
    }
}
