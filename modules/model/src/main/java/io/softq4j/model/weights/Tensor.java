package io.softq4j.model.weights;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * A named float32 tensor to be written.
 *
 * @param name   its key in the file
 * @param shape  its extents; empty for a scalar
 * @param values {@code [product of shape]}, row-major, from index 0 to the capacity; its position is neither read nor moved
 */
public record Tensor(String name, List<Integer> shape, FloatBuffer values) implements WritableTensor {

    public Tensor {
        shape = List.copyOf(shape);
        int size = WritableTensor.size(shape);
        if (size != values.capacity()) {
            throw new IllegalArgumentException(name + ": shape " + shape + " has " + size + " elements, the buffer " + values.capacity());
        }
    }
}
