package io.softq4j.graph.device;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How one device computes one kind of op.
 *
 * @param <O> the op's class
 */
@FunctionalInterface
public interface Kernel<O> {

    /**
     * Binds an op to arrays of the device.
     *
     * @param outputs those of the op, then what {@link #scratch} asked for
     */
    Work bind(O op, List<INDArray> inputs, List<INDArray> outputs);

    /**
     * Shapes of the float32 arrays it needs to work in, given those of the op's inputs; what they hold before and after is of no account.
     */
    default List<long[]> scratch(O op, List<long[]> inputs) {
        return List.of();
    }
}
