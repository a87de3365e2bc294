package io.softq4j.onnx;

import io.softq4j.common.Streams;
import io.softq4j.graph.machine.Memory;
import io.softq4j.model.ModelGraph;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A model whose weights are each off by their last bit, or not, at random: half of them are. What its logits change by is what rounding
 * does to them, as large as any two ways to add the same numbers may differ, and no defect of a graph can make it larger. Doing it twice
 * undoes it.
 */
final class LowestBits {

    private static final int EXPONENT = 0x7f800000;

    private LowestBits() {
    }

    /** Flips them in the live weights. */
    static void flip(ModelGraph model) {
        List<String> names = new ArrayList<>(model.parameters());
        names.addAll(model.frozen());
        SplittableRandom random = Streams.of("lowest bits of weights");
        for (String name : names) {
            flip(Memory.floats(model.graph().getVariable(name).getArr()), random);
        }
    }

    /** Zeros, infinities and what is not a number stay. */
    private static void flip(FloatBuffer values, SplittableRandom random) {
        long bits = 0;
        for (int i = 0; i < values.capacity(); i++) {
            bits = i % Long.SIZE == 0 ? random.nextLong() : bits >>> 1;
            int value = Float.floatToRawIntBits(values.get(i));
            int exponent = value & EXPONENT;
            if (exponent != 0 && exponent != EXPONENT) {
                values.put(i, Float.intBitsToFloat(value ^ (int) (bits & 1)));
            }
        }
    }
}
