package io.softq4j.model.weights;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Supplier;

/**
 * A tensor made only when it is written, so that a model larger than the memory can be converted one tensor at a time.
 *
 * @param name   its key in the file
 * @param shape  its extents; empty for a scalar
 * @param source gives {@code [product of shape]}, row-major; asked once
 */
public record DeferredTensor(String name, List<Integer> shape, Supplier<FloatBuffer> source) implements WritableTensor {

    public DeferredTensor {
        shape = List.copyOf(shape);
    }

    @Override
    public FloatBuffer values() {
        return new Tensor(name, shape, source.get()).values();
    }
}
