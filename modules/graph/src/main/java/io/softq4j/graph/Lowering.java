package io.softq4j.graph;

import io.softq4j.graph.plan.HostCopies;
import io.softq4j.graph.plan.Plan;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the vocabulary of {@link Ops} becomes in the graph. */
public enum Lowering {

    /** Ops of ours with Vector API kernels where they exist: float32 on the CPU, run by {@link Plan}. */
    FUSED,

    /**
     * Standard SameDiff ops only, in any floating type: the definition the kernels are held to, and what the ONNX exporter, the CUDA
     * backend and SameDiff's own session can run.
     */
    STANDARD;

    private static final Logger LOG = LoggerFactory.getLogger(Lowering.class);

    /** {@link #FUSED} where this JVM can run the kernels, else {@link #STANDARD}, said once in the log. */
    public static Lowering best() {
        return Holder.BEST;
    }

    private static final class Holder {
        private static final Lowering BEST = choose();

        private static Lowering choose() {
            if (!Nd4j.getEnvironment().isCPU()) {
                HostCopies.requireInStep();
                LOG.info("ND4J runs on CUDA: graphs use standard ops");
                return STANDARD;
            }
            if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
                LOG.warn("the Vector API module is missing: graphs use standard ops, several times slower. Start Java with "
                        + "--add-modules=jdk.incubator.vector");
                return STANDARD;
            }
            return FUSED;
        }
    }
}
