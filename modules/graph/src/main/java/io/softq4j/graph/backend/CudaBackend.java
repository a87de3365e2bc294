package io.softq4j.graph.backend;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What nd4j-cuda-11.6 1.0.0-M2.1 can run on. Its library holds machine code for nine architectures and no PTX, so the driver cannot
 * translate for any other:
 * found by listing the 228 fat binaries of {@code libnd4jcuda.so}, and the same list as in its build's {@code libnd4j.compute}.
 */
public final class CudaBackend {

    /** Maven artifact and version. */
    public static final String NAME = "nd4j-cuda-11.6 1.0.0-M2.1";

    private static final List<ComputeCapability> CODE =
            Stream.of("3.7", "5.0", "5.2", "6.0", "6.1", "7.0", "7.5", "8.0", "8.6").map(ComputeCapability::parse).toList();

    /** Tegra chips: NVIDIA promises no compatibility of their code with that of graphics cards of the same generation. */
    private static final Set<ComputeCapability> EMBEDDED =
            Stream.of("3.2", "5.3", "6.2", "7.2", "8.7").map(ComputeCapability::parse).collect(Collectors.toSet());

    private static final String BACKEND_CLASS = "org.nd4j.linalg.jcublas.JCublasBackend";

    private CudaBackend() {
    }

    /** Whether there is machine code for such a GPU: of its own generation, and of its own revision or an earlier one. */
    public static boolean runsOn(ComputeCapability gpu) {
        return !EMBEDDED.contains(gpu) && CODE.stream().anyMatch(code -> code.major() == gpu.major() && code.minor() <= gpu.minor());
    }

    /** The architectures, for messages. */
    public static String supported() {
        return CODE.stream().map(ComputeCapability::toString).collect(Collectors.joining(", ")) + " and 8.9";
    }

    /** Why it could not start in this process, GPU aside; empty if it can: its classes and NVIDIA's libraries are there. */
    static String problem() {
        ClassLoader loader = CudaBackend.class.getClassLoader();
        try {
            Class.forName(BACKEND_CLASS, false, loader);
        } catch (ClassNotFoundException e) {
            return NAME + " is not on the class path (./softq puts it there when SOFTQ_BACKEND=cuda; Maven does with -Pcuda)";
        }
        for (String library : List.of("cudart", "cublas", "cusolver")) {
            try {
                Class.forName("org.bytedeco.cuda.global." + library, true, loader);    // its initialiser loads the native library
            } catch (ClassNotFoundException | LinkageError e) {
                return "NVIDIA's " + library + " of CUDA 11.6 does not load (" + firstLine(e)
                        + "); install the CUDA 11.6 toolkit, or see docs/cuda.md";
            }
        }
        return "";
    }

    private static String firstLine(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.getClass().getSimpleName());
    }
}
