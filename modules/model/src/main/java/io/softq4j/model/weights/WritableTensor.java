package io.softq4j.model.weights;

import java.nio.FloatBuffer;
import java.util.List;

/** A named float32 tensor to be written: one that is there, or one that is made when its turn comes. */
public sealed interface WritableTensor permits Tensor, DeferredTensor {

    /** Its key in the file. */
    String name();

    /** Its extents; empty for a scalar. */
    List<Integer> shape();

    /** {@code [product of shape]}, row-major, from index 0 to the capacity. A writer asks once and lets go of it before the next tensor. */
    FloatBuffer values();

    /** Number of elements. */
    default int size() {
        return size(shape());
    }

    /**
     * Number of elements of a tensor of {@code shape}.
     *
     * @throws ArithmeticException if there are 2^31 or more
     */
    static int size(List<Integer> shape) {
        int size = 1;
        for (int extent : shape) {
            if (extent < 0) {
                throw new IllegalArgumentException("negative extent in shape " + shape);
            }
            size = Math.multiplyExact(size, extent);
        }
        return size;
    }
}
