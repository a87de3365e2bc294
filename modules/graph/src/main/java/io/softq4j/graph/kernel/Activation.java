package io.softq4j.graph.kernel;

import java.nio.FloatBuffer;
import jdk.incubator.vector.FloatVector;

/** A function of each element that a linear layer applies to its input. */
public enum Activation {

    /** x itself. */
    NONE {
        @Override
        void value(float[] x, int size) {
        }

        @Override
        void gradient(float[] x, float[] gradient, int size) {
        }
    },

    /**
     * The tanh form of GELU (Hugging Face's {@code gelu_new}): 0.5 x (1 + tanh(u)), u = sqrt(2/pi) (x + 0.044715 x^3). Since 0.5 (1 + tanh u) is the
     * logistic function s of 2u, it is x s, and its derivative s + x s (1 - s) 2 u'.
     */
    GELU_NEW {
        @Override
        void value(float[] x, int size) {
            for (int i = 0; i < size; i += VectorMath.SPECIES.length()) {
                FloatVector v = FloatVector.fromArray(VectorMath.SPECIES, x, i);
                v.mul(Gelu.gate(v)).intoArray(x, i);
            }
        }

        @Override
        void gradient(float[] x, float[] gradient, int size) {
            for (int i = 0; i < size; i += VectorMath.SPECIES.length()) {
                FloatVector v = FloatVector.fromArray(VectorMath.SPECIES, x, i);
                FloatVector s = Gelu.gate(v);
                FloatVector y = v.mul(s);
                FloatVector slope = v.mul(v).mul(3 * Gelu.CUBIC).add(1f).mul(2 * Gelu.ROOT_2_OVER_PI);
                FloatVector derivative = s.add(y.mul(s.neg().add(1f)).mul(slope));
                FloatVector.fromArray(VectorMath.SPECIES, gradient, i).mul(derivative).intoArray(gradient, i);
                y.intoArray(x, i);
            }
        }
    };

    /** x becomes f(x); whole vectors, so some elements beyond {@code size} change too. */
    abstract void value(float[] x, int size);

    /** The gradient of f(x) becomes that of x, and x becomes f(x); whole vectors. */
    abstract void gradient(float[] x, float[] gradient, int size);

    /** to[toAt + i] = f(from[fromAt + i]) for {@code size} elements. */
    final void apply(FloatBuffer from, int fromAt, FloatBuffer to, int toAt, int size) {
        float[] block = Scratch.row(0, Blocks.SIZE);
        for (int i = 0; i < size; i += Blocks.SIZE) {
            int n = Math.min(Blocks.SIZE, size - i);
            from.get(fromAt + i, block, 0, n);
            value(block, n);
            to.put(toAt + i, block, 0, n);
        }
    }

    /** gradient[i] becomes the gradient of x, fx[i] becomes f(x[i]), for the elements from {@code at} on. */
    final void differentiate(FloatBuffer x, FloatBuffer fx, FloatBuffer gradient, int at, int size) {
        float[] value = Scratch.row(0, Blocks.SIZE);
        float[] upstream = Scratch.row(1, Blocks.SIZE);
        for (int i = at; i < at + size; i += Blocks.SIZE) {
            int n = Math.min(Blocks.SIZE, at + size - i);
            x.get(i, value, 0, n);
            gradient.get(i, upstream, 0, n);
            gradient(value, upstream, n);
            gradient.put(i, upstream, 0, n);
            fx.put(i, value, 0, n);
        }
    }
}
