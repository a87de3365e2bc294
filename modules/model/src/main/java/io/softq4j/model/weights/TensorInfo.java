package io.softq4j.model.weights;

import java.util.List;

/**
 * What a safetensors header says of one tensor.
 *
 * @param name  its key
 * @param dtype element type
 * @param shape its extents; empty for a scalar
 * @param begin first byte, counted from the end of the header
 * @param end   one past the last byte
 */
public record TensorInfo(String name, DType dtype, List<Integer> shape, long begin, long end) {

    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /** Number of elements. */
    public long size() {
        return (end - begin) / dtype.bytes();
    }
}
