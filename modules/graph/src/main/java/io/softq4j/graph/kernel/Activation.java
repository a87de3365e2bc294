package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Blocks;
import io.softq4j.graph.machine.Scratch;
import java.nio.FloatBuffer;

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

    /** max(x, 0); the derivative at 0 is 0. */
    RELU {
        @Override
        void value(float[] x, int size) {
            Relu.value(x, size);
        }

        @Override
        void gradient(float[] x, float[] gradient, int size) {
            Relu.gradient(x, gradient, size);
        }
    },

    /** x Phi(x), Hugging Face's {@code gelu}. */
    GELU {
        @Override
        void value(float[] x, int size) {
            GeluErf.value(x, size);
        }

        @Override
        void gradient(float[] x, float[] gradient, int size) {
            GeluErf.gradient(x, gradient, size);
        }
    },

    /** The tanh form of GELU, Hugging Face's {@code gelu_new}. */
    GELU_NEW {
        @Override
        void value(float[] x, int size) {
            GeluNew.value(x, size);
        }

        @Override
        void gradient(float[] x, float[] gradient, int size) {
            GeluNew.gradient(x, gradient, size);
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

    /** gradient[i] becomes the gradient of x, fx[i] becomes f(x[i]), for the elements from {@code at} on; either may be null. */
    final void differentiate(FloatBuffer x, FloatBuffer fx, FloatBuffer gradient, int at, int size) {
        float[] value = Scratch.row(0, Blocks.SIZE);
        float[] upstream = Scratch.row(1, Blocks.SIZE);
        for (int i = at; i < at + size; i += Blocks.SIZE) {
            int n = Math.min(Blocks.SIZE, at + size - i);
            x.get(i, value, 0, n);
            if (gradient != null) {
                gradient.get(i, upstream, 0, n);
            }
            gradient(value, upstream, n);
            if (gradient != null) {
                gradient.put(i, upstream, 0, n);
            }
            if (fx != null) {
                fx.put(i, value, 0, n);
            }
        }
    }
}
