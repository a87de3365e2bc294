package io.softq4j.graph.device;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a plan runs on. The plan decides what is computed, in which order, and which values may share memory; the device has the
 * {@link Kernels} that compute, and the memory. An array of a device is an {@link INDArray} that only its kernels read and write; what the
 * host reads and writes are arrays of the host, which may be the same.
 */
public interface Device {

    /** What offsets of values are multiples of, in bytes: a cache line, and the widest vector. */
    long ALIGNMENT = 64;

    /** Its name, as in errors. */
    String name();

    /** How it computes ops. */
    Kernels kernels();

    /** Memory for values. @throws OutOfMemoryError if there is not so much */
    Space allocate(long bytes);

    /**
     * Arrays that carry a type and a shape to ND4J's shape functions, and no values: offsets do not matter, and nobody reads or writes what
     * they hold.
     */
    Space probes();

    /** The device's array of a variable, constant or input of the host's; the same array if they share memory. */
    INDArray resident(INDArray host);

    /** The host's array of a value of the device's; the same array if they share memory. */
    INDArray visible(INDArray resident);

    /** Makes what the host wrote into its array visible to the device, before a run. @param resident of {@link #resident} */
    void toDevice(INDArray host, INDArray resident);

    /**
     * Makes what the device computed visible to the host, after a run.
     *
     * @param host of {@link #visible}, or what the array was made resident of
     */
    void toHost(INDArray resident, INDArray host);

    /** Sets all elements of a float32 value to 0. */
    Work clear(INDArray resident);

    /** Adds one float32 value to another of the same extent. */
    Work add(INDArray sum, INDArray more);
}
