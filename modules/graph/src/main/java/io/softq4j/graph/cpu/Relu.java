package io.softq4j.graph.cpu;

import io.softq4j.graph.machine.VectorMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** max(x, 0), derivative 0 at 0, NaN stays NaN: as PyTorch's {@code nn.ReLU()}. */
final class Relu {

    private static final FloatVector ZERO = VectorMath.constant(0f);

    private Relu() {
    }

    /** x becomes max(x, 0). */
    static void value(float[] x, int size) {
        for (int i = 0; i < size; i += VectorMath.SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(VectorMath.SPECIES, x, i);
            v.blend(ZERO, v.compare(VectorOperators.LE, ZERO)).intoArray(x, i);
        }
    }

    /** The gradient of max(x, 0) becomes that of x, and x becomes max(x, 0). */
    static void gradient(float[] x, float[] gradient, int size) {
        for (int i = 0; i < size; i += VectorMath.SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(VectorMath.SPECIES, x, i);
            VectorMask<Float> off = v.compare(VectorOperators.LE, ZERO);
            FloatVector.fromArray(VectorMath.SPECIES, gradient, i).blend(ZERO, off).intoArray(gradient, i);
            v.blend(ZERO, off).intoArray(x, i);
        }
    }
}
