package io.softq4j.graph.device;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A stretch of a device's memory in which a plan places its values. */
public interface Space extends AutoCloseable {

    /** How many bytes of values have room. */
    long bytes();

    /**
     * An array whose elements hold anything, row-major and contiguous.
     *
     * @param offset where the plan places it, in bytes, a multiple of {@link Device#ALIGNMENT}; values that are needed at the same time do
     *               not overlap
     */
    INDArray array(DataType type, long[] shape, long offset);

    /** Frees it; its arrays may not be used any more. */
    @Override
    void close();
}
