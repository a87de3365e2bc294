package io.softq4j.graph.kernel;

/** A function of each element that a linear layer applies to its input. */
public enum Activation {

    /** x itself. */
    NONE,

    /** max(x, 0); the derivative at 0 is 0. */
    RELU,

    /** x Phi(x), Hugging Face's {@code gelu}. */
    GELU,

    /** The tanh form of GELU, Hugging Face's {@code gelu_new}. */
    GELU_NEW
}
