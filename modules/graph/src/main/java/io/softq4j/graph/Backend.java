package io.softq4j.graph;

import org.nd4j.linalg.factory.Nd4j;

/** The ND4J backend that is loaded. */
public final class Backend {

    private Backend() {
    }

    /** True for the native CPU backend, false for CUDA. */
    public static boolean isCpu() {
        return Nd4j.getBackend().getClass().getSimpleName().equals("CpuBackend");
    }

    /** The backend's class name, such as {@code CpuBackend}. */
    public static String name() {
        return Nd4j.getBackend().getClass().getSimpleName();
    }
}
