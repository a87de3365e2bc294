package io.softq4j.onnx;

import io.softq4j.common.PythonFloat;
import io.softq4j.common.UserError;

/**
 * These options tell the exporter what the graph does not contain.
 *
 * @param family            the model's family as Hugging Face names it ({@code model_type}), such as {@code gpt2}; written into the model's
 *                          metadata
 * @param maxLength         longest sequence the model can read; parity stays below it
 * @param externalDataAbove bytes of weights above which they go into a file of their own, {@code model.onnx_data}; at most
 *                          {@link #LARGEST_INLINE}
 * @param tolerance         how many times what rounding does to logits they may differ by in parity
 * @param text              ids of a text the model reads in parity; none: random ids
 */
public record OnnxOptions(String family, int maxLength, long externalDataAbove, double tolerance, int[] text) {

    /** A protobuf message ends at 2 GiB; the rest is room for the nodes. */
    public static final long LARGEST_INLINE = 2_000_000_000L;

    /**
     * The project's gate. Right exports were seen at 0.4 to 1.6 times the noise, of every family, of models from 10 thousand to 135 million
     * weights.
     */
    public static final double DEFAULT_TOLERANCE = 16;

    public OnnxOptions {
        if (family.isBlank()) {
            throw new UserError("the model family must not be empty");
        }
        if (maxLength < 2) {
            throw new UserError("the longest sequence must be at least 2, was " + maxLength);
        }
        if (externalDataAbove < 0 || externalDataAbove > LARGEST_INLINE) {
            throw new UserError("external data threshold must be between 0 and " + LARGEST_INLINE + " bytes, was " + externalDataAbove
                    + ": protobuf cannot hold a message of 2 GiB or more");
        }
        if (!(tolerance > 0) || Double.isInfinite(tolerance)) {
            throw new UserError("parity tolerance must be a positive number, was " + PythonFloat.str(tolerance));
        }
    }

    /** One file where protobuf allows it, and the project's tolerance, on random ids. */
    public static OnnxOptions of(String family, int maxLength) {
        return of(family, maxLength, new int[0]);
    }

    /** One file where protobuf allows it, and the project's tolerance, on a text's ids. */
    public static OnnxOptions of(String family, int maxLength, int[] text) {
        return new OnnxOptions(family, maxLength, LARGEST_INLINE, DEFAULT_TOLERANCE, text);
    }
}
