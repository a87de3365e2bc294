package io.softq4j.graph.plan;

import org.nd4j.linalg.api.ndarray.INDArray;

/** What a plan hides: for tests of the engine itself, which compare and poison whole arrays. */
public final class PlanArrays {

    private PlanArrays() {
    }

    /** Where an input or output lies. */
    public static INDArray of(Plan plan, String name) {
        return plan.array(name);
    }
}
