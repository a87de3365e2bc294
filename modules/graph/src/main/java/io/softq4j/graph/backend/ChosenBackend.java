package io.softq4j.graph.backend;

import org.nd4j.linalg.cpu.nativecpu.CpuBackend;

/**
 * Makes ND4J follow {@link BackendChoice}. ND4J takes the available backend of the highest priority, and the CUDA one it asks prints a
 * stack trace where there is
 * no driver and accepts GPUs it has no code for; so where the CPU was chosen this one goes before it, and where CUDA was chosen, after it.
 *
 * <p>Found by ND4J as a service of {@code org.nd4j.linalg.factory.Nd4jBackend}.
 */
public final class ChosenBackend extends CpuBackend {

    private static final int ABOVE_CUDA = 1000;    // the CUDA backend has 100, the CPU's own 0
    private static final int BELOW_ALL = -1;

    @Override
    public int getPriority() {
        return BackendChoice.current().cuda() ? BELOW_ALL : ABOVE_CUDA;
    }
}
