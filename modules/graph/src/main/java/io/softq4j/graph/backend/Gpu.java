package io.softq4j.graph.backend;

/**
 * One NVIDIA GPU, as {@code nvidia-smi} reports it.
 *
 * @param index             number in PCI bus order
 * @param uuid              {@code GPU-...}
 * @param name              such as {@code NVIDIA A100-SXM4-80GB}
 * @param computeCapability what it can execute
 * @param memory            as reported, such as {@code 81920 MiB}
 * @param driver            version of the driver
 */
public record Gpu(int index, String uuid, String name, ComputeCapability computeCapability, String memory, String driver) {

    /** Whether ND4J's CUDA backend has machine code for it. */
    public boolean usable() {
        return CudaBackend.runsOn(computeCapability);
    }
}
