package io.softq4j.graph.backend;

import io.softq4j.common.UserError;
import java.util.function.Supplier;

/**
 * Where tensors are computed in this process.
 *
 * @param cuda whether by ND4J's CUDA backend, else by its CPU backend
 * @param note one line for the user if that is not what was asked for; else empty
 */
public record BackendChoice(boolean cuda, String note) {

    /** Environment variable: {@code cpu} (default) or {@code cuda}. */
    public static final String VARIABLE = "SOFTQ_BACKEND";

    private static final class Once {
        private static final BackendChoice CHOICE = decide(System.getenv(VARIABLE), Gpus::probe, CudaBackend::problem);
    }

    /**
     * The choice for this process, made at the first call and kept. ND4J follows it however it is loaded ({@link ChosenBackend}); call this
     * first to show its note.
     *
     * @throws UserError if CUDA was asked for and the GPU is one it has no code for, or if the variable holds something else
     */
    public static BackendChoice current() {
        try {
            return Once.CHOICE;
        } catch (ExceptionInInitializerError e) {
            if (e.getCause() instanceof UserError error) {
                throw error;
            }
            throw e;
        }
    }

    /** The decision itself; looks at GPUs and libraries only if CUDA was asked for. */
    static BackendChoice decide(String asked, Supplier<Gpus> probe, Supplier<String> cudaProblem) {
        if (asked == null || asked.isEmpty() || asked.equals("cpu")) {
            return new BackendChoice(false, "");
        }
        if (!asked.equals("cuda")) {
            throw new UserError(VARIABLE + " is '" + asked + "'; allowed are cpu and cuda.");
        }
        Gpus gpus = probe.get();
        if (gpus.gpus().isEmpty()) {
            return fallback("no usable GPU: " + gpus.problem());
        }
        Gpu first = gpus.gpus().get(0);    // the one ND4J computes on
        if (!first.usable()) {
            String other = gpus.gpus().stream().filter(Gpu::usable).findFirst()
                    .map(g -> " Or choose " + g.name() + ": CUDA_VISIBLE_DEVICES=" + g.index() + ".").orElse("");
            throw new UserError("GPU " + first.index() + ", " + first.name() + ", has compute capability " + first.computeCapability()
                    + "; " + CudaBackend.NAME
                    + " has machine code for " + CudaBackend.supported() + " only. Compute on the CPU: " + VARIABLE + "=cpu." + other);
        }
        String problem = cudaProblem.get();
        return problem.isEmpty() ? new BackendChoice(true, "") : fallback(problem);
    }

    private static BackendChoice fallback(String reason) {
        return new BackendChoice(false, VARIABLE + "=cuda, but computing on the CPU: " + reason + ".");
    }
}
