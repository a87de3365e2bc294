package io.softq4j.graph.cpu;

import io.softq4j.graph.kernel.Activation;
import io.softq4j.graph.machine.Blocks;
import io.softq4j.graph.machine.Scratch;
import java.nio.FloatBuffer;

/** The functions of {@link Activation} and their derivatives, on rows and on buffers. */
final class Activations {

    private Activations() {
    }

    /** x becomes f(x); whole vectors, so some elements beyond {@code size} change too. */
    static void value(Activation f, float[] x, int size) {
        switch (f) {
            case NONE -> { }
            case RELU -> Relu.value(x, size);
            case GELU -> GeluErf.value(x, size);
            case GELU_NEW -> GeluNew.value(x, size);
        }
    }

    /** The gradient of f(x) becomes that of x, and x becomes f(x); whole vectors. */
    static void gradient(Activation f, float[] x, float[] gradient, int size) {
        switch (f) {
            case NONE -> { }
            case RELU -> Relu.gradient(x, gradient, size);
            case GELU -> GeluErf.gradient(x, gradient, size);
            case GELU_NEW -> GeluNew.gradient(x, gradient, size);
        }
    }

    /** to[toAt + i] = f(from[fromAt + i]) for {@code size} elements. */
    static void apply(Activation f, FloatBuffer from, int fromAt, FloatBuffer to, int toAt, int size) {
        float[] block = Scratch.row(0, Blocks.SIZE);
        for (int i = 0; i < size; i += Blocks.SIZE) {
            int n = Math.min(Blocks.SIZE, size - i);
            from.get(fromAt + i, block, 0, n);
            value(f, block, n);
            to.put(toAt + i, block, 0, n);
        }
    }

    /** gradient[i] becomes the gradient of x, fx[i] becomes f(x[i]), for the elements from {@code at} on; either may be null. */
    static void differentiate(Activation f, FloatBuffer x, FloatBuffer fx, FloatBuffer gradient, int at, int size) {
        float[] value = Scratch.row(0, Blocks.SIZE);
        float[] upstream = Scratch.row(1, Blocks.SIZE);
        for (int i = at; i < at + size; i += Blocks.SIZE) {
            int n = Math.min(Blocks.SIZE, at + size - i);
            x.get(i, value, 0, n);
            if (gradient != null) {
                gradient.get(i, upstream, 0, n);
            }
            gradient(f, value, upstream, n);
            if (gradient != null) {
                gradient.put(i, upstream, 0, n);
            }
            if (fx != null) {
                fx.put(i, value, 0, n);
            }
        }
    }
}
