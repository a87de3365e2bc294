package io.softq4j.graph.plan;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * The trainable tensors of a graph, with their gradients: float32, off heap, at fixed addresses for the life of the graph.
 *
 * <p>Both buffers of a slot are live views in row-major order: what an optimiser writes into {@link Slot#values()} is what the next
 * run of the plan reads, and {@link Slot#gradients()} holds what was accumulated since {@link #zeroGradients()}.
 */
public interface Parameters {

    /**
     * One tensor.
     *
     * @param name      the Hugging Face name, such as {@code h.0.attn.c_attn.weight}
     * @param shape     its extents; empty for a scalar
     * @param values    {@code [product of shape]} float32
     * @param gradients the same extent
     */
    record Slot(String name, List<Integer> shape, FloatBuffer values, FloatBuffer gradients) {

        /** Number of elements. */
        public int size() {
            return values.capacity();
        }
    }

    /** All tensors, in an order that is the same for the same model configuration. */
    List<Slot> slots();

    /** Sets every gradient to zero. */
    void zeroGradients();

    /** Number of trainable scalars. */
    default long count() {
        return slots().stream().mapToLong(Slot::size).sum();
    }
}
